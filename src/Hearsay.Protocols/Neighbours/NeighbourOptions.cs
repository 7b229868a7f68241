namespace Hearsay;

/// <summary>
/// The options of a node's stable neighbours. Immutable. <see cref="NeighbourValidation"/> validates them when the
/// protocol is created. All nodes of a cluster should have the same options, but need not.
/// </summary>
/// <remarks>
/// Source: Leitão, Pereira, Rodrigues, "HyParView: a membership protocol for reliable gossip-based broadcast", DSN
/// 2007. A failed neighbour is detected at the latest after 1.25 <see cref="HeartbeatPeriod"/> plus
/// <see cref="ProbeTries"/> time-outs. With the defaults that is 1.9 s to 4.3 s, depending on the round-trip time of
/// the link. It is detected sooner if something is sent to it (see <see cref="SuspectAfter"/>).
/// </remarks>
public sealed record NeighbourOptions
{
    /// <summary>The maximum of <see cref="ActiveSize"/>. A set of slots is one 32-bit mask.</summary>
    public const int MaximumActiveSize = 32;

    /// <summary>The maximum of <see cref="PassiveSize"/>.</summary>
    public const int MaximumPassiveSize = 256;

    /// <summary>The maximum length of a walk, in hops.</summary>
    public const int MaximumWalk = 16;

    /// <summary>
    /// The maximum of <see cref="ShuffleActive"/> and <see cref="ShufflePassive"/>, so that a message fits one
    /// datagram.
    /// </summary>
    public const int MaximumShuffle = 8;

    /// <summary>
    /// The number of stable neighbours that a node should have. More neighbours shorten paths and survive more loss.
    /// Each costs a heartbeat and, in a broadcast, an announcement.
    /// </summary>
    /// <value>Default 5, as in the paper for 10,000 nodes (mean path 6.4). From 2 to 32.</value>
    public int ActiveSize { get; init; } = 5;

    /// <summary>
    /// The number of spare peers that a node keeps to replace neighbours. More spare peers survive a larger crash.
    /// </summary>
    /// <value>Default 30, as in the paper. From 1 to 256.</value>
    public int PassiveSize { get; init; } = 30;

    /// <summary>The number of hops in the walk of a newcomer (ARWL in the paper).</summary>
    /// <value>Default 6. From 1 to 16.</value>
    public int JoinWalk { get; init; } = 6;

    /// <summary>
    /// The number of remaining hops at which a walk puts the newcomer into a passive view (PRWL in the paper).
    /// </summary>
    /// <value>Default 3. From 0 to <see cref="JoinWalk"/>.</value>
    public int PassiveWalk { get; init; } = 3;

    /// <summary>The number of hops in the walk of a shuffle.</summary>
    /// <value>Default 6. From 1 to 16.</value>
    public int ShuffleWalk { get; init; } = 6;

    /// <summary>The number of neighbours in a shuffle (ka in the paper).</summary>
    /// <value>Default 3. From 0 to 8.</value>
    public int ShuffleActive { get; init; } = 3;

    /// <summary>The number of spare peers in a shuffle (kp in the paper).</summary>
    /// <value>Default 4. From 0 to 8.</value>
    public int ShufflePassive { get; init; } = 4;

    /// <summary>The number of peers from the sampling service that enter the passive view with each shuffle.</summary>
    /// <value>Default 2. From 0 to 8. With 0 only shuffles fill the passive view, as in the paper.</value>
    public int SampledPerShuffle { get; init; } = 2;

    /// <summary>
    /// The time between shuffles. A shorter time keeps spare peers fresher and costs packets in proportion.
    /// </summary>
    /// <value>Default 10 s, the order of magnitude in the paper. From 100 ms to 1 h.</value>
    public TimeSpan ShufflePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time of silence after which a neighbour is probed. Anything that it sends counts.</summary>
    /// <value>Default 1 s. From 50 ms to 1 min.</value>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time of silence after which a neighbour is probed if something was sent to it. So traffic detects dead
    /// neighbours.
    /// </summary>
    /// <value>Default 200 ms. From 1 ms to <see cref="HeartbeatPeriod"/>.</value>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The number of probes in a row that may stay unanswered. More probes tolerate more loss, and fewer detect
    /// failures sooner.
    /// </summary>
    /// <value>Default 6: at 10 % loss there is one false alarm in 20,000 probes. From 1 to 8.</value>
    public int ProbeTries { get; init; } = 6;

    /// <summary>The number of requests to become a neighbour after which a peer counts as unreachable.</summary>
    /// <value>Default 2. From 1 to 8.</value>
    public int RequestTries { get; init; } = 2;

    /// <summary>
    /// The shortest time to wait for an answer. Between the two limits, the time follows the measured round trips.
    /// </summary>
    /// <value>Default 100 ms. From 1 ms to <see cref="MaximumTimeout"/>.</value>
    public TimeSpan MinimumTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time to wait for an answer, and the time before the first measurement.</summary>
    /// <value>Default 500 ms. Up to 1 min.</value>
    public TimeSpan MaximumTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The time after which a node that lacks neighbours and found none tries again. If it keeps finding none, the time
    /// grows up to eightfold.
    /// </summary>
    /// <value>Default 1 s. From 50 ms to 1 min.</value>
    public TimeSpan RefillPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time after which a node that has all its neighbours replaces one of them by a random peer of the sampling
    /// service. Without this, two halves of a network in which every node has all its neighbours would stay apart for
    /// ever. After the start, and after each failure of a neighbour, the time is a 64th of this value, and it grows
    /// fourfold from there. A shorter time heals splits sooner. A link lasts for about this time.
    /// </summary>
    /// <value>Default 10 min. From 1 s to 1 day.</value>
    public TimeSpan MixPeriod { get; init; } = TimeSpan.FromMinutes(10);
}
