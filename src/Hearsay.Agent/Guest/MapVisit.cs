using System.CommandLine;
using System.Text;
using Hearsay.Agent.Shell;
using Hearsay.Features.Maps.Asking;

namespace Hearsay.Agent.Guest;

/// <summary>What the verbs of <c>hearsay map</c> share.</summary>
internal static class MapVisit
{
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
        "--nodes", "Wait until it is at so many nodes beside the one that is asked. Default: none, so that it is "
        + $"'{MapText.AtAgent}' or, with --seed, '{MapText.AtSeed}'.", 1, WriteConcern.LargestNodes);

    /// <summary>
    /// Gives a command the options of a guest, what it asks of the node that it is told, and what it asks of an agent
    /// where no seeds are named.
    /// </summary>
    public static Command With(
        Command command, Argument<string> map,
        Func<ParseResult, MapAsker, TimeSpan, CancellationToken, Task<int>> visit,
        Func<ParseResult, MapCalls, Task<int>> call)
    {
        var guest = new GuestOptions();
        guest.AddTo(command);
        command.Options.Add(MapJson.Option());
        command.SetAction((parsed, _) => guest.RunAsync(
            parsed,
            (client, cancellation) => call(parsed, new MapCalls(
                client, parsed.GetValue(map)!, parsed, cancellation)),
            static options => options with
            {
                Aggregation = null, Broadcast = null, Rumors = null, Maps = null,
                Requests = options.Requests ?? new RequestOptions(),
            },
            async (node, cancellation) =>
            {
                var asked = await AskedNode.FindAsync(node, guest.Patience(parsed), cancellation).ConfigureAwait(false);
                return await visit(
                    parsed, new MapAsker(parsed.GetValue(map)!, asked.AskAsync), guest.Patience(parsed), cancellation)
                    .ConfigureAwait(false);
            }));
        return command;
    }

    /// <summary>Says who has a write.</summary>
    public static int Tell(ParseResult parsed, MapWrite written)
    {
        parsed.InvocationConfiguration.Output.WriteLine(
            MapJson.IsAsked(parsed) ? MapJson.Of(written)
                : written.Nodes.Count > 0 ? $"at {string.Join(", ", written.Nodes)}" : MapText.AtSeed);
        return 0;
    }

    /// <summary>Says why not.</summary>
    public static int Fail(ParseResult parsed, string why)
    {
        parsed.InvocationConfiguration.Error.WriteLine(why);
        return ExitCode.Failed;
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
