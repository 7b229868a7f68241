using Hearsay.AspNetCore.Errors;
using Hearsay.Features.Aggregates;
using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.AspNetCore.Aggregates;

/// <summary>What a caller gives to an aggregate, and until when.</summary>
internal sealed class Contribution(AggregateInput input, TimeSpan lease, TimeProvider time)
{
    private const int DefaultLeaseSeconds = 90;
    private const int MaximumLeaseSeconds = 86_400;

    private readonly long _since = time.GetTimestamp();

    /// <summary>What is given to an epoch that begins now; null when the lease is over.</summary>
    public AggregateInput? Current => Left > TimeSpan.Zero ? input : null;

    /// <summary>How long it still counts.</summary>
    public TimeSpan Left => lease - time.GetElapsedTime(_since);

    /// <summary>What a caller asked for, if it suits the kind.</summary>
    public static Contribution Of(ValueRequest asked, AggregateKind kind, TimeProvider time)
    {
        if (asked.LeaseSeconds is < 1 or > MaximumLeaseSeconds)
        {
            throw Wrong("leaseSeconds", $"a whole number from 1 to {MaximumLeaseSeconds}");
        }

        var lease = TimeSpan.FromSeconds(asked.LeaseSeconds ?? DefaultLeaseSeconds);
        return new Contribution(InputOf(asked, kind), lease, time);
    }

    private static AggregateInput InputOf(ValueRequest asked, AggregateKind kind)
    {
        ThrowIfStrange(asked, kind);
        return kind switch
        {
            AggregateKind.NetworkSize => throw Wrong("value", "nothing: the size of the network needs no values"),
            AggregateKind.DistinctCount => asked.Items is { Length: > 0 and <= NamedAggregate.MaximumItems } items
                ? AggregateValues.OfItems(items)!.Value
                : throw Wrong("items", $"1 to {NamedAggregate.MaximumItems} texts"),
            AggregateKind.Quantiles or AggregateKind.Histogram or AggregateKind.Sample when asked.Values is { } all =>
                all.Length is > 0 and <= NamedAggregate.MaximumValues && Array.TrueForAll(all, IsNumber)
                    ? AggregateValues.OfNumbers(all)!.Value
                    : throw Wrong("values", $"1 to {NamedAggregate.MaximumValues} numbers"),
            AggregateKind.Count or AggregateKind.ExtremaCount => new AggregateInput(asked.Value ?? 1),
            AggregateKind.ExtremaSum when asked.Value is < 0 => throw Wrong("value", "a number of 0 or more"),
            AggregateKind.WeightedAverage => new AggregateInput(
                asked.Value ?? throw Wrong("value", "a number"), asked.Weight ?? 1),
            _ => new AggregateInput(asked.Value ?? throw Wrong("value", "a number")),
        };
    }

    /// <summary>What does not belong to a kind would be left out without a word.</summary>
    private static void ThrowIfStrange(ValueRequest asked, AggregateKind kind)
    {
        if (asked.Value is { } value && !IsNumber(value))
        {
            throw Wrong("value", $"a number up to {AggregateDefinition.MaximumMagnitude} and down to the same below 0");
        }

        if (asked.Weight is { } weight && (kind != AggregateKind.WeightedAverage || !(weight > 0 && IsNumber(weight))))
        {
            throw Wrong("weight", "a number above 0, for the kind weightedaverage only");
        }

        if (asked.Items is not null && kind != AggregateKind.DistinctCount)
        {
            throw Wrong("items", "nothing: items are for the kind distinctcount");
        }

        var takesMany = kind is AggregateKind.Quantiles or AggregateKind.Histogram or AggregateKind.Sample;
        if (asked.Values is not null && (!takesMany || asked.Value is not null))
        {
            throw Wrong("values", "nothing beside 'value', and only for quantiles, histogram and sample");
        }
    }

    private static bool IsNumber(double value) =>
        double.IsFinite(value) && Math.Abs(value) <= AggregateDefinition.MaximumMagnitude;

    private static ProblemException Wrong(string field, string allowed) =>
        new(Problems.Field(field, allowed, $"'{field}' is not valid for this aggregate."));
}
