using System.CommandLine;
using System.Text.Json.Nodes;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary>What <c>hearsay aggregate</c> may say of an aggregate and of what this node gives to it.</summary>
internal sealed class AggregateOptionSet
{
    private readonly Option<double?> _minimum = CheckedOption.Number(
        "--minimum", "The lower bound of values. Together with --maximum, part of the definition.");

    private readonly Option<double?> _maximum = CheckedOption.Number("--maximum", "The upper bound of values.");

    private readonly Option<double?> _precision = CheckedOption.Number(
        "--precision", "The precision of a sketch: index bits, relative error, bins, minima or items. Default as in "
        + "the library.");

    private readonly Option<AggregateMethod?> _method = CheckedOption.Name<AggregateMethod>(
        "--method", "How nodes agree. Default pushpull; a quantile always uses tournament.");

    private readonly Option<double?> _quantile = CheckedOption.Number(
        "--quantile", "The rank for --kind quantile, from 0 to 1. Default 0.5, the median.");

    private readonly Option<double?> _epsilon = CheckedOption.Number(
        "--epsilon", "The error of the rank, for --kind quantile, from 0.005 to 0.25. Default 0.01.");

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
        Option[] all = [_method, _quantile, _epsilon, _minimum, _maximum, _precision, _trimmed, _weight, _items];
        Array.ForEach(all, command.Options.Add);
    }

    /// <summary>What is said of the aggregate, checked before the network is looked for.</summary>
    /// <exception cref="ArgumentException">There is no such aggregate.</exception>
    public void ThrowIfInvalid(ParseResult parsed, string name, AggregateKind kind)
    {
        var definition = Settings(parsed).ToDefinition(name, kind);
        definition = kind == AggregateKind.Quantile
            ? definition with
            {
                Method = parsed.GetValue(_method) ?? AggregateMethod.Tournament, Quantile = Quantile(parsed),
                Precision = Epsilon(parsed),
            }
            : definition with { Quantile = parsed.GetValue(_quantile) };
        definition.ThrowIfInvalid();
        if (kind != AggregateKind.Quantile && parsed.GetValue(_epsilon) is not null)
        {
            throw new ArgumentException("--epsilon is for --kind quantile.");
        }
    }

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
            (AggregateKind.Quantile, _) => named.Quantile(
                Quantile(parsed), Epsilon(parsed), value is { } number ? () => number : null, settings),
            _ => named.Define(kind, value, settings),
        };
    }

    /// <summary>Whether this node has a value or items to give.</summary>
    public bool Gives(ParseResult parsed, double? value) =>
        value is not null || parsed.GetValue(_items) is { Length: > 0 };

    /// <summary>The definition as an agent reads it.</summary>
    public string DefinitionJson(ParseResult parsed, AggregateKind? kind)
    {
        var isQuantile = kind == AggregateKind.Quantile;
        var json = new JsonObject
        {
            ["kind"] = (kind ?? AggregateKind.Average).ToString(), ["minimum"] = parsed.GetValue(_minimum),
            ["maximum"] = parsed.GetValue(_maximum), ["trimmed"] = parsed.GetValue(_trimmed),
            ["precision"] = isQuantile ? Epsilon(parsed) : parsed.GetValue(_precision),
            ["method"] = parsed.GetValue(_method)?.ToString(),
            ["quantile"] = isQuantile ? Quantile(parsed) : parsed.GetValue(_quantile),
        };
        return json.ToJsonString();
    }

    /// <summary>What is given, as an agent reads it; null for nothing.</summary>
    public string? ValueJson(ParseResult parsed, double? value)
    {
        if (!Gives(parsed, value))
        {
            return null;
        }

        var json = new JsonObject { ["value"] = value, ["weight"] = parsed.GetValue(_weight) };
        if (parsed.GetValue(_items) is { Length: > 0 } items)
        {
            json["items"] = new JsonArray([.. items.Select(static item => (JsonNode)item)]);
        }

        return json.ToJsonString();
    }

    private double Quantile(ParseResult parsed) => parsed.GetValue(_quantile) ?? 0.5;

    private double Epsilon(ParseResult parsed) => parsed.GetValue(_epsilon) ?? parsed.GetValue(_precision) ?? 0.01;

    private AggregateSettings Settings(ParseResult parsed) => new()
    {
        Minimum = parsed.GetValue(_minimum),
        Maximum = parsed.GetValue(_maximum),
        Precision = parsed.GetValue(_precision),
        Trimmed = parsed.GetValue(_trimmed),
        Method = parsed.GetValue(_method) ?? AggregateMethod.PushPull,
    };
}
