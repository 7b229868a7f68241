using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Aggregates;

/// <summary>An aggregate.</summary>
/// <param name="Name">Of the aggregate.</param>
/// <param name="Kind">Such as <c>average</c>.</param>
/// <param name="Method">Such as <c>pushpull</c>.</param>
internal sealed record AggregateItem(string Name, string Kind, string Method)
{
    /// <summary>The lower bound of values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Minimum { get; init; }

    /// <summary>The upper bound of values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Maximum { get; init; }

    /// <summary>Whether exchanges that would move the value very far are refused.</summary>
    public bool Trimmed { get; init; }

    /// <summary>Of a sketch, and of the rank of a quantile.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Precision { get; init; }

    /// <summary>The rank of a quantile.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Quantile { get; init; }

    /// <summary>Whether a caller defined it here; if not, other nodes told of it.</summary>
    public bool IsDefinedHere { get; init; }

    /// <summary>How long the value that a caller gave still counts; null if none does.</summary>
    public int? ValueLeaseSeconds { get; init; }

    /// <summary>The estimate of the epoch under way; null if there is none.</summary>
    public EstimateItem? Latest { get; init; }

    /// <summary>The estimate of the last whole epoch; null if there is none.</summary>
    public EstimateItem? Final { get; init; }

    /// <summary>What callers are told of a definition.</summary>
    public static AggregateItem Of(AggregateDefinition definition) => new(
        definition.Name, KindName.Of(definition.Kind), KindName.Of(definition.Method))
    {
        Minimum = definition.Minimum,
        Maximum = definition.Maximum,
        Trimmed = definition.Trimmed,
        Precision = definition.Precision,
        Quantile = definition.Quantile,
    };
}
