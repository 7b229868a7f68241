using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Hearsay.Agent.Shell;
using Hearsay.Features.Maps.Asking;

namespace Hearsay.Agent.Guest;

/// <summary>Where a verb of <c>hearsay map</c> writes: a key or a field beneath it; and for how long.</summary>
internal sealed class MapTarget
{
    private readonly Argument<string> _map = MapVisit.Map();
    private readonly Argument<string> _key = MapVisit.Key();
    private readonly Option<int?> _nodes = MapVisit.Nodes();

    private readonly Option<string> _field = new("--field")
    {
        Description = "A field beneath the key, which is written by itself", HelpName = "NAME",
    };

    private readonly Option<TimeSpan?> _life = CheckedOption.Create<TimeSpan>(
        "--ttl", "How long it lives. Default: until it is removed.", "from 1s to 24h",
        static (string text, out TimeSpan life) => Duration.TryParse(text, out life)
            && life >= TimeSpan.FromSeconds(1));

    /// <summary>Makes a verb of it.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="arguments">What comes after map and key.</param>
    /// <param name="expires">Whether what is written may expire.</param>
    /// <param name="question">What a node is asked to do; key, field, life and concern are added.</param>
    /// <param name="call">How an agent is asked: the verb of HTTP, what follows the place, and the body.</param>
    /// <param name="missing">What to say where nothing has changed; null if something always does.</param>
    public Command With(
        Command command, Argument[] arguments, bool expires,
        Func<ParseResult, MapQuestion> question,
        Func<ParseResult, (HttpMethod Method, string Path, byte[]? Body)> call,
        Func<ParseResult, string>? missing = null)
    {
        command.Add(_map);
        command.Add(_key);
        Array.ForEach(arguments, command.Add);
        command.Options.Add(_field);
        if (expires)
        {
            command.Options.Add(_life);
        }

        command.Options.Add(_nodes);
        command.Validators.Add(Check);
        return MapVisit.With(
            command, _map,
            async (parsed, asked, patience, cancellation) =>
            {
                var change = question(parsed) with
                {
                    Key = parsed.GetValue(_key)!, Field = parsed.GetValue(_field), Life = Life(parsed),
                    OtherNodes = parsed.GetValue(_nodes) ?? 0, Patience = patience,
                };
                var written = await asked.ChangeAsync(change, cancellation).ConfigureAwait(false);
                if (written.IsChanged || missing is null)
                {
                    return MapVisit.Tell(parsed, written);
                }

                _ = MapJson.IsAsked(parsed) ? MapVisit.Tell(parsed, written) : 0;
                return MapVisit.Fail(parsed, missing(parsed));
            },
            (parsed, agent) =>
            {
                var (method, rest, body) = call(parsed);
                return agent.ChangeAsync(method, PathOf(parsed, rest), body, missing?.Invoke(parsed));
            });
    }

    /// <summary>How long what is written lives; null for ever.</summary>
    private TimeSpan? Life(ParseResult parsed) => parsed.GetResult(_life) is null ? null : parsed.GetValue(_life);

    /// <summary>Where it is, for messages.</summary>
    public string Named(ParseResult parsed) => parsed.GetValue(_field) is { } field
        ? $"field '{field}' under the key '{parsed.GetValue(_key)}'" : $"key '{parsed.GetValue(_key)}'";

    private static string Query(string name, int? value) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"&{name}={number}") : string.Empty;

    private string PathOf(ParseResult parsed, string rest)
    {
        var field = parsed.GetValue(_field) is { } name ? $"/fields/{Uri.EscapeDataString(name)}" : string.Empty;
        int? seconds = Life(parsed) is { } life ? (int)Math.Ceiling(life.TotalSeconds) : null;
        var query = Query("nodes", parsed.GetValue(_nodes)) + Query("ttlSeconds", seconds);
        return $"/keys/{Uri.EscapeDataString(parsed.GetValue(_key)!)}{field}{rest}"
            + (query.Length > 0 ? "?" + query[1..] : string.Empty);
    }

    private void Check(CommandResult result)
    {
        var field = result.GetResult(_field) is null ? null : result.GetValue(_field);
        if (field is { Length: 0 })
        {
            result.AddError("--field must have a name.");
        }
    }
}
