using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay;

/// <summary>
/// What an aggregate is: a name, a kind and parameters. All of them together are its identity: two definitions under
/// one name are two aggregates and live side by side. Definitions spread by themselves. Immutable.
/// </summary>
/// <param name="Name">1 to 64 characters: letters and digits of ASCII, and <c>. _ - /</c>.</param>
/// <param name="Kind">What is computed.</param>
public sealed record AggregateDefinition(string Name, AggregateKind Kind)
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaximumNameLength = 64;

    /// <summary>The largest magnitude of a value that is believed.</summary>
    public const double MaximumMagnitude = 1e100;

    /// <summary>Values below are raised to it, and what others claim far below is refused.</summary>
    /// <value>Default null: no bound. Needs <see cref="Maximum"/> too.</value>
    public double? Minimum { get; init; }

    /// <summary>Values above are lowered to it, and what others claim far above is refused.</summary>
    /// <value>Default null: no bound. Needs <see cref="Minimum"/> too.</value>
    public double? Maximum { get; init; }

    /// <summary>
    /// Whether an exchange that would move the value very far, compared with the exchanges before it, is refused. It
    /// holds off a node that insists on an extreme, and slows down agreement where few nodes differ much from the rest.
    /// </summary>
    /// <value>Default false.</value>
    public bool Trimmed { get; init; }

    /// <summary>
    /// The precision of a sketch: of <see cref="AggregateKind.DistinctCount"/> the number of index bits (4 to 14), of
    /// <see cref="AggregateKind.Quantiles"/> the relative error (0.005 to 0.2, and if values may be below zero from
    /// 0.01), of <see cref="AggregateKind.Histogram"/> the number of bins (2 to 1,024), of
    /// <see cref="AggregateKind.ExtremaSum"/> and <see cref="AggregateKind.ExtremaCount"/> the number K of minima (8 to
    /// 4,096; the relative error is 1/√(K - 2), four bytes each), of <see cref="AggregateKind.Sample"/> the number of
    /// items kept (8 to 1,024; 16 bytes each), of <see cref="AggregateKind.Quantile"/> the error of the rank (0.005 to
    /// 0.25). Other kinds have none.
    /// </summary>
    /// <value>
    /// Default null: 10 bits (an error of 3.3 %; 12 bits are 1.6 % and need more than a datagram), 1 %, 32 bins, 192
    /// minima (7.3 %), 256 items, 0.01.
    /// </value>
    public double? Precision { get; init; }

    /// <summary>How nodes come to agree.</summary>
    /// <value>
    /// Default push-pull. <see cref="AggregateMethod.PushSum"/> and <see cref="AggregateMethod.FlowUpdating"/> are for
    /// averages, sums, counts, variances and weighted averages, without <see cref="Trimmed"/>.
    /// </value>
    public AggregateMethod Method { get; init; }

    /// <summary>Of a <see cref="AggregateKind.Quantile"/> which: 0.5 is the median. Other kinds have none.</summary>
    /// <value>Default null. From 0 to 1.</value>
    public double? Quantile { get; init; }

    /// <summary>What makes the definition unusable, or null.</summary>
    public string? Error => AggregateDefinitionCodec.ErrorOf(this);

    /// <summary>Throws if the definition is unusable.</summary>
    /// <exception cref="ArgumentException">The message names the property and its range.</exception>
    public void ThrowIfInvalid()
    {
        if (Error is { } error)
        {
            throw new ArgumentException(error);
        }
    }

    /// <summary>The name and the kind, and the bounds if there are any.</summary>
    public override string ToString() =>
        $"{Name} ({Kind}{(Minimum is { } low ? $", {low} to {Maximum}" : "")}{(Trimmed ? ", trimmed" : "")}"
        + $"{(Precision is { } precision ? $", precision {precision}" : "")}"
        + $"{(Quantile is { } quantile ? $" {quantile}" : "")}"
        + $"{(Method is AggregateMethod.PushSum or AggregateMethod.FlowUpdating ? $", {Method}" : "")})";
}
