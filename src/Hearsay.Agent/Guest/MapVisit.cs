using System.CommandLine;
using System.Text;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary>What the verbs of <c>hearsay map</c> share.</summary>
internal static class MapVisit
{
    /// <summary>A guest compares more often than a member: it wants the map at once.</summary>
    private static readonly MapOptions s_options = new()
    {
        CycleTime = TimeSpan.FromMilliseconds(100), IsGuest = true,
    };

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>The map, checked before anything is joined.</summary>
    public static Argument<string> Map() => Named(
        "MAP", $"The map, 1 to {MapOptions.LongestNameBytes} bytes of UTF-8", MapOptions.LongestNameBytes);

    /// <summary>A key, checked likewise.</summary>
    public static Argument<string> Key() => Named(
        "KEY", $"The key, 1 to {MapOptions.LongestKeyBytes} bytes of UTF-8", MapOptions.LongestKeyBytes);

    /// <summary>Which keys.</summary>
    public static Option<string> Prefix() => new("--prefix")
    {
        Description = "Only keys that begin with this text. Default: all.", HelpName = "TEXT",
    };

    /// <summary>How many nodes must have a write.</summary>
    public static Option<int?> Nodes() => CheckedOption.Integer(
        "--nodes", $"Wait until it is at so many other nodes. Default: through an agent none, so that it is "
        + $"'{MapText.AtAgent}'; as a guest 1.", 1, WriteConcern.LargestNodes);

    /// <summary>
    /// Gives a command the options of a guest, and what it does with the map; with a call it asks an agent where no
    /// seeds are named.
    /// </summary>
    public static Command With(
        Command command, Argument<string> map,
        Func<ParseResult, GossipMap, Func<int?, WriteConcern>, Task<int>> visit,
        Func<ParseResult, MapCalls, Task<int>>? call = null) =>
        With(command, map, (parsed, visited, concern, _) => visit(parsed, visited, concern), call);

    /// <summary>Gives a command the options of a guest, and what it does with the map.</summary>
    public static Command With(
        Command command, Argument<string> map,
        Func<ParseResult, GossipMap, Func<int?, WriteConcern>, CancellationToken, Task<int>> visit,
        Func<ParseResult, MapCalls, Task<int>>? call = null)
    {
        var guest = new GuestOptions(asksAgents: call is not null);
        guest.AddTo(command);
        command.Options.Add(MapJson.Option());
        command.SetAction((parsed, _) => guest.RunAsync(
            parsed,
            (client, cancellation) => call!(parsed, new MapCalls(
                client, parsed.GetValue(map)!, parsed, cancellation)),
            static options => options with { Aggregation = null, Maps = s_options },
            async (node, cancellation) =>
            {
                var visited = node.GetMap(parsed.GetValue(map)!);
                if (!await FetchAsync(parsed, visited, guest.Patience(parsed), cancellation).ConfigureAwait(false))
                {
                    return Fail(parsed, "No node of the network holds maps: start agents with --maps true.");
                }

                try
                {
                    return await visit(
                        parsed, visited, count => WriteConcern.Nodes(count ?? 1, guest.Patience(parsed)), cancellation)
                        .ConfigureAwait(false);
                }
                catch (WriteConcernException few)
                {
                    return Fail(parsed, few.Message);
                }
            }));
        return command;
    }

    /// <summary>Says who has a write.</summary>
    public static int Tell(ParseResult parsed, MapWrite written)
    {
        parsed.InvocationConfiguration.Output.WriteLine(
            MapJson.IsAsked(parsed) ? MapJson.Of(written) : $"at {string.Join(", ", written.Nodes)}");
        return 0;
    }

    /// <summary>Says why not.</summary>
    public static int Fail(ParseResult parsed, string why)
    {
        parsed.InvocationConfiguration.Error.WriteLine(why);
        return ExitCode.Failed;
    }

    /// <summary>Waits until this node has what the others have.</summary>
    private static async Task<bool> FetchAsync(
        ParseResult parsed, GossipMap map, TimeSpan patience, CancellationToken cancellation)
    {
        using var waiting = new Patience(
            parsed.InvocationConfiguration.Error, () => $"fetching the map '{map.Name}' ...");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            while (!(await map.ReadStatusAsync(limit.Token).ConfigureAwait(false)).IsCompared)
            {
                await Task.Delay(s_look, limit.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>A text of a bounded length.</summary>
    public static Argument<string> Named(string name, string description, int most)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            var bytes = Encoding.UTF8.GetByteCount(result.Tokens is [var token] ? token.Value : "");
            if (bytes == 0 || bytes > most)
            {
                result.AddError($"{name} must have 1 to {most} bytes of UTF-8, not {bytes}.");
            }
        });
        return argument;
    }
}
