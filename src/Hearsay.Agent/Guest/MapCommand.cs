using System.CommandLine;
using System.Text;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary><c>hearsay map</c>: reads and writes a replicated map of a network.</summary>
internal static class MapCommand
{
    /// <summary>The command with its verbs.</summary>
    public static Command Create()
    {
        var command = new Command(
            "map", "Read or write a replicated map. The nodes of the network need maps switched on "
            + "(agent --maps true).");
        command.Add(Get());
        command.Add(Set());
        command.Add(Remove());
        command.Add(Keys());
        command.Add(Watch());
        command.Add(MapFiles.Export());
        command.Add(MapFiles.Import());
        command.Add(Status());
        return command;
    }

    private static Command Get()
    {
        var (map, key) = (MapVisit.Map(), MapVisit.Key());
        var command = new Command("get", "Print the value of a key. Exit code 1 if the map does not have it.")
        {
            map, key,
        };
        return MapVisit.With(command, map, (parsed, visited, _) =>
        {
            var name = parsed.GetValue(key)!;
            var found = visited.TryGet(name, out var entry);
            parsed.InvocationConfiguration.Output.WriteLine(found ? MapText.Of(entry!) : "");
            return Task.FromResult(found ? 0 : MapVisit.Fail(parsed, $"The map has no key '{name}'."));
        },
        (parsed, agent) => agent.GetAsync(parsed.GetValue(key)!));
    }

    private static Command Set()
    {
        var (map, key, nodes) = (MapVisit.Map(), MapVisit.Key(), MapVisit.Nodes());
        var value = new Argument<string>("VALUE") { Description = "The value, a text" };
        var command = new Command("set", "Set a key to a text, and leave when other nodes have it.")
        {
            map, key, value,
        };
        command.Options.Add(nodes);
        return MapVisit.With(command, map, async (parsed, visited, concern) =>
        {
            var written = await visited.SetAsync(
                parsed.GetValue(key)!, parsed.GetValue(value)!, concern(parsed.GetValue(nodes))).ConfigureAwait(false);
            return MapVisit.Tell(parsed, written);
        },
        (parsed, agent) => agent.SetAsync(
            parsed.GetValue(key)!, parsed.GetValue(value)!, parsed.GetValue(nodes)));
    }

    private static Command Remove()
    {
        var (map, key, nodes) = (MapVisit.Map(), MapVisit.Key(), MapVisit.Nodes());
        var command = new Command(
            "remove", "Remove a key, and leave when other nodes have removed it. Exit code 1 if the map does not have "
            + "it.")
        {
            map, key,
        };
        command.Options.Add(nodes);
        return MapVisit.With(command, map, async (parsed, visited, concern) =>
        {
            var name = parsed.GetValue(key)!;
            var written = await visited.RemoveAsync(name, concern(parsed.GetValue(nodes))).ConfigureAwait(false);
            return written.IsChanged ? MapVisit.Tell(parsed, written)
                : MapVisit.Fail(parsed, $"The map has no key '{name}'.");
        },
        (parsed, agent) => agent.RemoveAsync(parsed.GetValue(key)!, parsed.GetValue(nodes)));
    }

    private static Command Keys()
    {
        var map = MapVisit.Map();
        var prefix = MapVisit.Prefix();
        var values = new Option<bool>("--values") { Description = "Print the values too" };
        var command = new Command("keys", "Print the keys in order.") { map };
        command.Options.Add(prefix);
        command.Options.Add(values);
        return MapVisit.With(command, map, (parsed, visited, _) =>
        {
            foreach (var entry in visited.Entries(parsed.GetValue(prefix) ?? ""))
            {
                var key = MapText.Printable(entry.Key);
                parsed.InvocationConfiguration.Output.WriteLine(
                    parsed.GetValue(values) ? $"{key}\t{MapText.Of(entry)}" : key);
            }

            return Task.FromResult(0);
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
        return MapVisit.With(command, map, async (parsed, visited, _, cancellation) =>
        {
            var (output, left) = (GuestRun.Output(parsed), parsed.GetValue(count) ?? int.MaxValue);
            var updates = visited.WatchAsync(parsed.GetValue(prefix) ?? "", cancellationToken: cancellation);
            await foreach (var update in updates.ConfigureAwait(false))
            {
                await output.WriteLineAsync(MapText.Of(update)).ConfigureAwait(false);
                await output.FlushAsync(cancellation).ConfigureAwait(false);
                if (--left == 0)
                {
                    break;
                }
            }

            return 0;
        },
        (parsed, agent) => agent.WatchAsync(
            parsed.GetValue(prefix) ?? "", parsed.GetValue(count) ?? int.MaxValue, GuestRun.Output(parsed)));
    }

    private static Command Status()
    {
        var map = MapVisit.Map();
        var command = new Command(
            "status", "Print how much is in a map, and the root by which nodes see that they are equal.") { map };
        return MapVisit.With(command, map, async (parsed, visited, _) =>
        {
            var status = await visited.ReadStatusAsync().ConfigureAwait(false);
            var text = new StringBuilder();
            text.AppendLine(Counted.Of(status.Keys, "key"));
            text.AppendLine(Counted.Of(status.Rows, "row"));
            text.AppendLine(Counted.Of(status.SizeBytes, "byte"));
            text.AppendLine(status.IsTrusted ? "complete" : "damaged, and not mended yet");
            text.AppendLine($"root {status.Root}").Append($"context {status.ContextHash}");
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text).ConfigureAwait(false);
            return 0;
        },
        static (_, agent) => agent.StatusAsync());
    }
}
