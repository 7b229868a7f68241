using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay;

/// <summary>
/// The definition of an aggregate: its name, its kind and its parameters. All of them together are its identity. Two
/// definitions with the same name are two aggregates, which live side by side. Definitions spread over the network by
/// themselves. Immutable.
/// </summary>
/// <param name="Name">From 1 to 64 characters: ASCII letters and digits, and <c>. _ - /</c>.</param>
/// <param name="Kind">The kind of aggregate.</param>
public sealed record AggregateDefinition(string Name, AggregateKind Kind)
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int MaximumNameLength = 64;

    /// <summary>The largest absolute value that a node accepts.</summary>
    public const double MaximumMagnitude = 1e100;

    /// <summary>
    /// The lower bound. Smaller values are raised to it, and claims of other nodes far below it are refused.
    /// </summary>
    /// <value>Default null: no bound. Needs <see cref="Maximum"/> too.</value>
    public double? Minimum { get; init; }

    /// <summary>
    /// The upper bound. Larger values are lowered to it, and claims of other nodes far above it are refused.
    /// </summary>
    /// <value>Default null: no bound. Needs <see cref="Minimum"/> too.</value>
    public double? Maximum { get; init; }

    /// <summary>
    /// Whether a node refuses an exchange that would move its value very far, compared with the exchanges before. This
    /// limits the influence of a node that insists on an extreme value. It also slows down agreement where a few nodes
    /// differ much from the rest.
    /// </summary>
    /// <value>Default false.</value>
    public bool Trimmed { get; init; }

    /// <summary>
    /// The precision of a sketch. For <see cref="AggregateKind.DistinctCount"/> it is the number of index bits (4 to
    /// 14). For <see cref="AggregateKind.Quantiles"/> it is the relative error (0.005 to 0.2, or from 0.01 if values
    /// may be below zero). For <see cref="AggregateKind.Histogram"/> it is the number of bins (2 to 1,024). For
    /// <see cref="AggregateKind.ExtremaSum"/> and <see cref="AggregateKind.ExtremaCount"/> it is the number K of minima
    /// (8 to 4,096, of four bytes each; the relative error is 1/√(K - 2)). For <see cref="AggregateKind.Sample"/> it is
    /// the number of items kept (8 to 1,024, of 16 bytes each). For <see cref="AggregateKind.Quantile"/> it is the
    /// error of the rank (0.005 to 0.25). Other kinds have no precision.
    /// </summary>
    /// <value>
    /// Default null, which means, in the same order: 10 bits (an error of 3.3 %; 12 bits have 1.6 % but do not fit one
    /// datagram), 1 %, 32 bins, 192 minima (7.3 %), 256 items, and 0.01.
    /// </value>
    public double? Precision { get; init; }

    /// <summary>The method by which nodes agree on the aggregate.</summary>
    /// <value>
    /// Default push-pull. <see cref="AggregateMethod.PushSum"/> and <see cref="AggregateMethod.FlowUpdating"/> support
    /// averages, sums, counts, variances and weighted averages, without <see cref="Trimmed"/>.
    /// </value>
    public AggregateMethod Method { get; init; }

    /// <summary>The rank of a <see cref="AggregateKind.Quantile"/>; 0.5 is the median. Other kinds have none.</summary>
    /// <value>Default null. From 0 to 1.</value>
    public double? Quantile { get; init; }

    /// <summary>The error that makes the definition unusable; null if it is valid.</summary>
    public string? Error => AggregateDefinitionCodec.ErrorOf(this);

    /// <summary>Throws if the definition is not valid.</summary>
    /// <exception cref="ArgumentException">The message names the property and its range.</exception>
    public void ThrowIfInvalid()
    {
        if (Error is { } error)
        {
            throw new ArgumentException(error);
        }
    }

    /// <summary>Returns the name and the kind, and the bounds if there are any.</summary>
    public override string ToString() =>
        $"{Name} ({Kind}{(Minimum is { } low ? $", {low} to {Maximum}" : "")}{(Trimmed ? ", trimmed" : "")}"
        + $"{(Precision is { } precision ? $", precision {precision}" : "")}"
        + $"{(Quantile is { } quantile ? $" {quantile}" : "")}"
        + $"{(Method is AggregateMethod.PushSum or AggregateMethod.FlowUpdating ? $", {Method}" : "")})";
}
