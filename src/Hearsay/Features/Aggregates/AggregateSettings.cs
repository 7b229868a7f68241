using Hearsay.Protocols.Aggregation.States;

namespace Hearsay;

/// <summary>
/// The settings of an aggregate beyond its name and kind. They are part of its identity: nodes with different settings
/// take part in different aggregates. Immutable.
/// </summary>
public sealed record AggregateSettings
{
    /// <summary>
    /// The lower bound. Smaller values of this node are raised to it, and claims of other nodes far below it are
    /// refused.
    /// </summary>
    /// <value>Default null: no bound. Needs <see cref="Maximum"/> too.</value>
    public double? Minimum { get; init; }

    /// <summary>
    /// The upper bound. Larger values of this node are lowered to it, and claims of other nodes far above it are
    /// refused.
    /// </summary>
    /// <value>Default null: no bound. Needs <see cref="Minimum"/> too.</value>
    public double? Maximum { get; init; }

    /// <summary>Whether exchanges that would move the value very far are refused.</summary>
    /// <value>Default false; see <see cref="AggregateDefinition.Trimmed"/>.</value>
    public bool Trimmed { get; init; }

    /// <summary>The precision of a sketch; see <see cref="AggregateDefinition.Precision"/>.</summary>
    /// <value>Default null: the kind's own default.</value>
    public double? Precision { get; init; }

    /// <summary>The method by which nodes agree; see <see cref="AggregateDefinition.Method"/>.</summary>
    /// <value>Default push-pull. A quantile is always computed by tournament.</value>
    public AggregateMethod Method { get; init; }

    internal AggregateDefinition ToDefinition(string name, AggregateKind kind) => new(name, kind)
    {
        Minimum = Minimum,
        Maximum = Maximum,
        Trimmed = Trimmed,
        // To say what holds anyway makes no other aggregate.
        Precision = Precision == AggregateStates.DefaultPrecisionOf(kind) ? null : Precision,
        Method = Method,
    };
}
