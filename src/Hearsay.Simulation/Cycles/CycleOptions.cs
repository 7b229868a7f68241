using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>What a cycle-driven run does; the numbers of the protocol itself are <see cref="Rules"/>.</summary>
public sealed record CycleOptions
{
    /// <summary>The protocol's numbers, as <see cref="PeerSamplingOptions.ToRules"/> makes them.</summary>
    public required ExchangeRules Rules { get; init; }

    /// <summary>Distinct partners a node exchanges with in a cycle.</summary>
    /// <value>Default 1. From 1 to the view size.</value>
    public int Fanout { get; init; } = 1;

    /// <summary>
    /// Partners a node tries for one exchange; one that is dead leaves the view. Null is the assumption of the paper: a
    /// node knows who lives and chooses among them, and nobody leaves a view for being dead.
    /// </summary>
    /// <value>
    /// Default null. From 1 to 8. Cyclon takes its partner out of the view whether it answers or not, so for it null
    /// means 1; otherwise nothing would ever remove a dead link.
    /// </value>
    public int? Tries { get; init; }

    /// <summary>
    /// Whether a partner that was tried and does not answer leaves the view; only with <see cref="Tries"/>. Without it
    /// some protocols try the same dead partner for ever.
    /// </summary>
    /// <value>Default true.</value>
    public bool Evicts { get; init; } = true;

    /// <summary>
    /// The probability that a message is lost, each for itself. A lost request is an exchange that does not happen; a
    /// lost answer leaves the partner updated and the node not. A node that does not know who lives takes either for a
    /// death: the partner leaves its view, and after a lost request it tries another.
    /// </summary>
    /// <value>Default 0. From 0 to 1.</value>
    public double Loss { get; init; }

    /// <summary>
    /// How many nodes join at the start of each cycle until all are there, each knowing only the first node.
    /// </summary>
    /// <value>Default 500, as in the paper. Only a growing start uses it.</value>
    public int JoinsPerCycle { get; init; } = 500;

    /// <summary>The seed: the same seed and options give the same run, bit for bit.</summary>
    public ulong Seed { get; init; }
}
