using System.CommandLine;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary><c>hearsay map</c>: reads and writes a replicated map of a network.</summary>
internal static class MapCommand
{
    /// <summary>The command with its verbs.</summary>
    public static Command Create()
    {
        var command = new Command(
            "map", "Read or write a replicated map, through an agent or, with --seed, by asking one node. That node "
            + "needs maps switched on (agent --maps true).");
        command.Add(Get());
        foreach (var change in MapChanges.All())
        {
            command.Add(change);
        }

        command.Add(Keys());
        command.Add(Watch());
        command.Add(MapFiles.Export());
        command.Add(MapFiles.Import());
        command.Add(Status());
        return command;
    }

    private static Command Get()
    {
        var (map, key, watching) = (MapVisit.Map(), MapVisit.Key(), new WatchOption());
        var command = new Command("get", "Print the value of a key. Exit code 1 if the map does not have it.")
        {
            map, key,
        };
        watching.AddTo(command);
        return MapVisit.With(command, map, async (parsed, asked, _, cancellation) =>
        {
            var (name, missing) = (parsed.GetValue(key)!, $"The map has no key '{parsed.GetValue(key)}'.");
            string? Shown(MapEntry? entry) => entry is null ? MapJson.IsAsked(parsed) ? MapJson.Nothing : null
                : MapJson.IsAsked(parsed) ? MapJson.Of(entry) : MapText.Of(entry);
            if (watching.IsOn(parsed))
            {
                async Task<string> LookAsync() =>
                    Shown(await asked.GetAsync(name, cancellation).ConfigureAwait(false)) ?? missing;
                await watching.PrintAsync(parsed, LookAsync, isOfLines: true, cancellation).ConfigureAwait(false);
            }

            var entry = await asked.GetAsync(name, cancellation).ConfigureAwait(false);
            if (Shown(entry) is { } shown)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(shown).ConfigureAwait(false);
            }

            return entry is null ? MapVisit.Fail(parsed, missing) : 0;
        },
        (parsed, agent) => agent.GetAsync(parsed.GetValue(key)!, watching));
    }

    private static Command Keys()
    {
        var map = MapVisit.Map();
        var prefix = MapVisit.Prefix();
        var values = new Option<bool>("--values") { Description = "Print the values too" };
        var command = new Command("keys", "Print the keys in order.") { map };
        command.Options.Add(prefix);
        command.Options.Add(values);
        return MapVisit.With(command, map, async (parsed, asked, _, cancellation) =>
        {
            var (output, begin) = (parsed.InvocationConfiguration.Output, parsed.GetValue(prefix) ?? "");
            if (!MapJson.IsAsked(parsed) && !parsed.GetValue(values))
            {
                await foreach (var key in asked.KeysAsync(begin, cancellation).ConfigureAwait(false))
                {
                    await output.WriteLineAsync(MapText.Printable(key)).ConfigureAwait(false);
                }

                return 0;
            }

            await foreach (var entry in asked.EntriesAsync(begin, cancellation).ConfigureAwait(false))
            {
                await output.WriteLineAsync(MapJson.IsAsked(parsed) ? MapJson.Of(entry)
                    : $"{MapText.Printable(entry.Key)}\t{MapText.Of(entry)}").ConfigureAwait(false);
            }

            return 0;
        },
        (parsed, agent) => agent.KeysAsync(parsed.GetValue(prefix) ?? "", parsed.GetValue(values)));
    }

    private static Command Watch()
    {
        var map = MapVisit.Map();
        var prefix = MapVisit.Prefix();
        var count = CheckedOption.Integer(
            "--count", "The number of lines after which to leave. Default: stay until Ctrl-C.", 1, int.MaxValue);
        var command = new Command("watch", "Print the entries, and then every change.") { map };
        command.Options.Add(prefix);
        command.Options.Add(count);
        return MapVisit.With(command, map, async (parsed, asked, _, cancellation) =>
        {
            var (output, left) = (GuestRun.Output(parsed), parsed.GetValue(count) ?? int.MaxValue);
            var updates = asked.WatchAsync(parsed.GetValue(prefix) ?? "", cancellation);
            await foreach (var update in updates.ConfigureAwait(false))
            {
                await output.WriteLineAsync(MapJson.IsAsked(parsed) ? MapJson.Of(update) : MapText.Of(update))
                    .ConfigureAwait(false);
                await output.FlushAsync(cancellation).ConfigureAwait(false);
                if (--left == 0)
                {
                    return 0;
                }
            }

            return MapVisit.Fail(parsed, "The node that was asked has ended the stream: it left, or was stopped.");
        },
        (parsed, agent) => agent.WatchAsync(
            parsed.GetValue(prefix) ?? "", parsed.GetValue(count) ?? int.MaxValue, GuestRun.Output(parsed)));
    }

    private static Command Status()
    {
        var (map, watching) = (MapVisit.Map(), new WatchOption());
        var command = new Command(
            "status", "Print how much is in a map, and the root by which nodes see that they are equal.") { map };
        watching.AddTo(command);
        return MapVisit.With(command, map, async (parsed, asked, _, cancellation) =>
        {
            async Task<string> LookAsync()
            {
                var status = await asked.StatusAsync(cancellation).ConfigureAwait(false);
                return MapJson.IsAsked(parsed) ? MapJson.Of(status) : MapText.Of(
                    status.Keys, status.Rows, status.SizeBytes, status.IsTrusted, status.Root, status.ContextHash);
            }

            await watching.PrintAsync(parsed, LookAsync, MapJson.IsAsked(parsed), cancellation).ConfigureAwait(false);
            return 0;
        },
        (_, agent) => agent.StatusAsync(watching));
    }
}
