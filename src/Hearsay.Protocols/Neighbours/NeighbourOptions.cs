namespace Hearsay;

/// <summary>
/// The knobs of a node's stable neighbours. Immutable; checked by <see cref="NeighbourValidation"/> when the protocol
/// is made. All nodes of a cluster should agree on them, but need not.
/// </summary>
/// <remarks>
/// Source: Leitão, Pereira, Rodrigues, "HyParView: a membership protocol for reliable gossip-based broadcast", DSN
/// 2007. A failed neighbour is found at the latest after 1.25 <see cref="HeartbeatPeriod"/> plus
/// <see cref="ProbeTries"/> time-outs (1.9 s to 4.3 s with the defaults, by the link's round-trip time), and sooner
/// where something is sent to it (see <see cref="SuspectAfter"/>).
/// </remarks>
public sealed record NeighbourOptions
{
    /// <summary>The largest <see cref="ActiveSize"/>: a set of slots is one 32-bit mask.</summary>
    public const int MaximumActiveSize = 32;

    /// <summary>The largest <see cref="PassiveSize"/>.</summary>
    public const int MaximumPassiveSize = 256;

    /// <summary>The longest walk, in hops.</summary>
    public const int MaximumWalk = 16;

    /// <summary>The largest <see cref="ShuffleActive"/> and <see cref="ShufflePassive"/>: a message fits a datagram.
    /// </summary>
    public const int MaximumShuffle = 8;

    /// <summary>How many stable neighbours a node wants. More of them shorten paths and survive more loss; each costs a
    /// heartbeat and, in a broadcast, an announcement.</summary>
    /// <value>Default 5, the paper's for 10,000 nodes (mean path 6.4). From 2 to 32.</value>
    public int ActiveSize { get; init; } = 5;

    /// <summary>How many spare peers a node keeps to replace neighbours with. More survive a larger crash.</summary>
    /// <value>Default 30, the paper's. From 1 to 256.</value>
    public int PassiveSize { get; init; } = 30;

    /// <summary>The hops of a newcomer's walk (the paper's ARWL).</summary>
    /// <value>Default 6. From 1 to 16.</value>
    public int JoinWalk { get; init; } = 6;

    /// <summary>With so many hops left a walk leaves the newcomer in a passive view (the paper's PRWL).</summary>
    /// <value>Default 3. From 0 to <see cref="JoinWalk"/>.</value>
    public int PassiveWalk { get; init; } = 3;

    /// <summary>The hops of a shuffle's walk.</summary>
    /// <value>Default 6. From 1 to 16.</value>
    public int ShuffleWalk { get; init; } = 6;

    /// <summary>How many neighbours a shuffle names (ka).</summary>
    /// <value>Default 3. From 0 to 8.</value>
    public int ShuffleActive { get; init; } = 3;

    /// <summary>How many spare peers a shuffle names (kp).</summary>
    /// <value>Default 4. From 0 to 8.</value>
    public int ShufflePassive { get; init; } = 4;

    /// <summary>How many peers of the sampling service enter the passive view with each shuffle.</summary>
    /// <value>Default 2. From 0 to 8; 0 leaves the passive view to shuffles, as in the paper.</value>
    public int SampledPerShuffle { get; init; } = 2;

    /// <summary>The time between shuffles. Shorter keeps spare peers fresher and costs packets in proportion.</summary>
    /// <value>Default 10 s, the paper's order. From 100 ms to 1 h.</value>
    public TimeSpan ShufflePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A neighbour that was silent for so long is probed; whatever it sends counts.</summary>
    /// <value>Default 1 s. From 50 ms to 1 min.</value>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A neighbour to whom something was sent and that was silent for so long is probed at once: traffic finds the
    /// dead.
    /// </summary>
    /// <value>Default 200 ms. From 1 ms to <see cref="HeartbeatPeriod"/>.</value>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How many probes in a row may stay without an answer. More tolerate loss, fewer find failures sooner.
    /// </summary>
    /// <value>Default 6: at 10 % loss one false alarm in 20,000 probes. From 1 to 8.</value>
    public int ProbeTries { get; init; } = 6;

    /// <summary>How often a peer is asked to become a neighbour before it counts as unreachable.</summary>
    /// <value>Default 2. From 1 to 8.</value>
    public int RequestTries { get; init; } = 2;

    /// <summary>The shortest wait for an answer; between the two limits it follows the measured round trips.</summary>
    /// <value>Default 100 ms. From 1 ms to <see cref="MaximumTimeout"/>.</value>
    public TimeSpan MinimumTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait for an answer, and the wait before anything was measured.</summary>
    /// <value>Default 500 ms. Up to 1 min.</value>
    public TimeSpan MaximumTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a node that is short of neighbours and found none begins again; up to eight times as long
    /// where it keeps finding none.</summary>
    /// <value>Default 1 s. From 50 ms to 1 min.</value>
    public TimeSpan RefillPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a node that has all its neighbours gives one of them for a random peer of the sampling service.
    /// Without it, two halves of a network that are full each would stay apart for ever. It begins with a 64th of it,
    /// after the start and after each failure of a neighbour, and grows fourfold from there. Shorter heals splits
    /// sooner; a link lasts about as long as this.
    /// </summary>
    /// <value>Default 10 min. From 1 s to 1 day.</value>
    public TimeSpan MixPeriod { get; init; } = TimeSpan.FromMinutes(10);
}
