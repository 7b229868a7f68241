using Hearsay.Protocols.Aggregation.States;

namespace Hearsay;

/// <summary>
/// What may be said of an aggregate beside its name and kind. It is part of its identity: nodes that say something else
/// take part in another aggregate. Immutable.
/// </summary>
public sealed record AggregateSettings
{
    /// <summary>Values below are raised to it, and what others claim far below is refused.</summary>
    /// <value>Default null: no bound. Needs <see cref="Maximum"/> too.</value>
    public double? Minimum { get; init; }

    /// <summary>Values above are lowered to it, and what others claim far above is refused.</summary>
    /// <value>Default null: no bound. Needs <see cref="Minimum"/> too.</value>
    public double? Maximum { get; init; }

    /// <summary>Whether exchanges that would move the value very far are refused.</summary>
    /// <value>Default false; see <see cref="AggregateDefinition.Trimmed"/>.</value>
    public bool Trimmed { get; init; }

    /// <summary>The precision of a sketch; see <see cref="AggregateDefinition.Precision"/>.</summary>
    /// <value>Default null: the kind's own default.</value>
    public double? Precision { get; init; }

    /// <summary>How nodes come to agree; see <see cref="AggregateDefinition.Method"/>.</summary>
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
