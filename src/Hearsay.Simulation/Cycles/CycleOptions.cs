using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>The options of a cycle-driven run. The parameters of the protocol itself are <see cref="Rules"/>.</summary>
public sealed record CycleOptions
{
    /// <summary>The parameters of the protocol, as <see cref="PeerSamplingOptions.ToRules"/> returns them.</summary>
    public required ExchangeRules Rules { get; init; }

    /// <summary>The number of distinct partners with which a node exchanges in a cycle.</summary>
    /// <value>Default 1. From 1 to the view size.</value>
    public int Fanout { get; init; } = 1;

    /// <summary>
    /// The number of partners that a node tries for one exchange. A partner that is dead leaves the view. Null is the
    /// assumption of the paper: a node knows which nodes are alive and chooses among them, and dead nodes are not
    /// removed from views.
    /// </summary>
    /// <value>
    /// Default null. From 1 to 8. Cyclon removes its partner from the view whether it answers or not, so for Cyclon
    /// null means 1; otherwise nothing would ever remove a dead link.
    /// </value>
    public int? Tries { get; init; }

    /// <summary>
    /// Whether a partner that was tried and does not answer leaves the view; only with <see cref="Tries"/>. Without it
    /// some protocols try the same dead partner for ever.
    /// </summary>
    /// <value>Default true.</value>
    public bool Evicts { get; init; } = true;

    /// <summary>
    /// The probability that a message is lost, independently for each. If a request is lost, the exchange does not
    /// happen. If an answer is lost, the partner is updated and the node is not. A node that does not know which nodes
    /// are alive takes either for a death: the partner leaves its view, and after a lost request the node tries
    /// another.
    /// </summary>
    /// <value>Default 0. From 0 to 1.</value>
    public double Loss { get; init; }

    /// <summary>
    /// The number of nodes that join at the start of each cycle until all are there. Each knows only the first node.
    /// </summary>
    /// <value>Default 500, as in the paper. Only a growing start uses it.</value>
    public int JoinsPerCycle { get; init; } = 500;

    /// <summary>The seed: the same seed and options give the same run, bit for bit.</summary>
    public ulong Seed { get; init; }
}
