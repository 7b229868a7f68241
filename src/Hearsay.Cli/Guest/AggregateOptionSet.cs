using System.CommandLine;

namespace Hearsay.Cli.Guest;

/// <summary>What <c>hearsay aggregate</c> may say of an aggregate and of what this node gives to it.</summary>
internal sealed class AggregateOptionSet
{
    private readonly Option<double?> _minimum = CheckedOption.Number(
        "--minimum", "The least a value can be. With --maximum a part of the definition.");

    private readonly Option<double?> _maximum = CheckedOption.Number("--maximum", "The most a value can be.");

    private readonly Option<double?> _precision = CheckedOption.Number(
        "--precision", "Of a sketch: index bits, relative error, bins, minima or items. Default as in the library.");

    private readonly Option<bool> _trimmed = new("--trimmed")
    {
        Description = "Refuse exchanges that would move the value very far.",
    };

    private readonly Option<double?> _weight = CheckedOption.Number(
        "--weight", "The weight of --value in a weighted average. Default 1.");

    private readonly Option<string[]> _items = new("--item")
    {
        Description = "An item that this node holds, for a distinct count or a sample; may be given several times",
        HelpName = "TEXT",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [_minimum, _maximum, _precision, _trimmed, _weight, _items];
        Array.ForEach(all, command.Options.Add);
    }

    /// <summary>What is said of the aggregate, checked before the network is looked for.</summary>
    /// <exception cref="ArgumentException">There is no such aggregate.</exception>
    public void ThrowIfInvalid(ParseResult parsed, string name, AggregateKind kind) =>
        Settings(parsed).ToDefinition(name, kind).ThrowIfInvalid();

    /// <summary>Takes part, with this node's value or items if there are any.</summary>
    public Aggregate Define(ParseResult parsed, NamedAggregate named, AggregateKind kind, double? value)
    {
        var (settings, items) = (Settings(parsed), parsed.GetValue(_items) ?? []);
        return (kind, value) switch
        {
            (AggregateKind.DistinctCount, _) when items.Length > 0 => named.DistinctCount(() => items, settings),
            (AggregateKind.Sample, _) when items.Length > 0 => named.Sample(
                () => items.Select(item => KeyValuePair.Create(item, value ?? 0)), settings),
            (AggregateKind.WeightedAverage, { } number) => named.WeightedAverage(
                () => (number, parsed.GetValue(_weight) ?? 1), settings),
            _ => named.Define(kind, value, settings),
        };
    }

    private AggregateSettings Settings(ParseResult parsed) => new()
    {
        Minimum = parsed.GetValue(_minimum),
        Maximum = parsed.GetValue(_maximum),
        Precision = parsed.GetValue(_precision),
        Trimmed = parsed.GetValue(_trimmed),
    };
}
