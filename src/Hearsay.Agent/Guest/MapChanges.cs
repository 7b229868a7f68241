using System.CommandLine;
using System.Globalization;
using System.Text;
using Hearsay.Features.Maps;
using Hearsay.Features.Maps.Asking;
using Hearsay.Settings;

namespace Hearsay.Agent.Guest;

/// <summary>The verbs of <c>hearsay map</c> that write.</summary>
internal static class MapChanges
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All() => [Set(), Remove(), Increment(), Add(), Discard(), Raise()];

    private static Command Set()
    {
        var (target, value) = (new MapTarget(), new Argument<string>("VALUE") { Description = "The value, a text" });
        return target.With(
            new Command("set", "Set a key to a text."), [value], expires: true,
            parsed => new()
            {
                Kind = MapQuestionKind.Set, Value = StrictUtf8.GetBytes(parsed.GetValue(value)!, "VALUE"),
            },
            parsed => (HttpMethod.Put, string.Empty, Encoding.UTF8.GetBytes(parsed.GetValue(value)!)));
    }

    private static Command Remove()
    {
        var target = new MapTarget();
        return target.With(
            new Command(
                "remove", "Remove a key with all it has. Exit code 1 if the map does not have it."),
            [], expires: false,
            static _ => new() { Kind = MapQuestionKind.Remove },
            static _ => (HttpMethod.Delete, string.Empty, null),
            parsed => $"The map has no {target.Named(parsed)}.");
    }

    private static Command Increment()
    {
        var target = new MapTarget();
        var amount = new Argument<long>("AMOUNT")
        {
            Description = "What is added; negative to subtract. Default 1", Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = static _ => 1,
        };
        return target.With(
            new Command("increment", "Add to a counter. Increments of different nodes add up."), [amount],
            expires: false,
            parsed => new()
            {
                Kind = MapQuestionKind.Increment, Amount = MapKeys.Checked(parsed.GetValue(amount)),
            },
            parsed => (HttpMethod.Post, "/increments", Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $$"""{"amount":{{parsed.GetValue(amount)}}}"""))));
    }

    private static Command Add()
    {
        var (target, element) = (new MapTarget(), Element());
        return target.With(
            new Command("add", "Add an element to a set."), [element], expires: true,
            parsed => new() { Kind = MapQuestionKind.Add, Text = parsed.GetValue(element)! },
            parsed => (HttpMethod.Put, PathOf(parsed.GetValue(element)!), null));
    }

    private static Command Discard()
    {
        var (target, element) = (new MapTarget(), Element());
        return target.With(
            new Command("discard", "Remove an element from a set. Exit code 1 if the set does not have it."),
            [element], expires: false,
            parsed => new() { Kind = MapQuestionKind.Discard, Text = parsed.GetValue(element)! },
            parsed => (HttpMethod.Delete, PathOf(parsed.GetValue(element)!), null),
            parsed => $"The map has no element '{parsed.GetValue(element)}' in the {target.Named(parsed)}.");
    }

    private static Command Raise()
    {
        var target = new MapTarget();
        return target.With(
            new Command("raise", "Raise a flag, as a lease with --ttl. 'remove' lowers it."), [], expires: true,
            static _ => new() { Kind = MapQuestionKind.Raise },
            static _ => (HttpMethod.Put, "/flag", null));
    }

    private static Argument<string> Element() => MapVisit.Named(
        "ELEMENT", $"The element, 1 to {MapOptions.LongestKeyBytes} bytes of UTF-8", MapOptions.LongestKeyBytes);

    private static string PathOf(string element) => "/elements/" + Uri.EscapeDataString(element);
}
