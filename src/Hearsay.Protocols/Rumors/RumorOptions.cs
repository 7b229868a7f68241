using Hearsay.Protocols.Rumors;

namespace Hearsay;

/// <summary>The options of rumor mongering. Immutable; derive one record from another with <c>with</c>.</summary>
/// <remarks>
/// Sources: Demers et al., PODC 1987 (modes, interest, connection limit, hunting, minimisation); Karp et al., FOCS 2000
/// (median counter); Mercier, Hayez, Matos, arXiv 1709.00198 (push, then pull).
/// </remarks>
public sealed record RumorOptions
{
    /// <summary>The maximum length of a payload, in bytes. Together with its head it fits one datagram.</summary>
    public const int LargestPayloadBytes = 1_000;

    /// <summary>
    /// The maximum length of a payload in mode identity, in bytes. The rest of the datagram is for the signature and
    /// the token of the node that started the rumor, which travel with it.
    /// </summary>
    public const int LargestSignedPayloadBytes = 450;

    /// <summary>The maximum of <see cref="K"/>.</summary>
    public const int LargestK = 100;

    /// <summary>The direction in which rumors travel.</summary>
    /// <value>Default <see cref="RumorMode.PushPull"/>.</value>
    public RumorMode Mode { get; init; } = RumorMode.PushPull;

    /// <summary>
    /// Whether a node loses interest only through unnecessary contacts (true) or through every contact (false,
    /// "blind"). Feedback costs a small answer and saves far more payloads than it costs.
    /// </summary>
    /// <value>Default true. Not used with push-then-pull and the median counter.</value>
    public bool Feedback { get; init; } = true;

    /// <summary>The rule by which a node loses interest.</summary>
    /// <value>Default <see cref="RumorInterest.Counter"/>. Not used with push-then-pull and the median counter.</value>
    public RumorInterest Interest { get; init; } = RumorInterest.Counter;

    /// <summary>
    /// The k of the literature. It is the number of unnecessary cycles in a row after which a node loses interest, or
    /// the k of the coin's 1/k. With the median counter it is the largest counter. A larger k misses fewer nodes and
    /// sends more.
    /// </summary>
    /// <value>Default 3. From 1 to <see cref="LargestK"/>.</value>
    public int K { get; init; } = 3;

    /// <summary>
    /// The number of distinct partners that a node contacts per cycle. Infect and die is a fanout of f, without
    /// feedback, and with k = 1.
    /// </summary>
    /// <value>Default 1. From 1 to 64.</value>
    public int Fanout { get; init; } = 1;

    /// <summary>
    /// The maximum number of contacts that a node accepts per cycle. It rejects others. A limit evens out the load; it
    /// hurts pull and helps push.
    /// </summary>
    /// <value>Default 0: no limit. Up to 1,000.</value>
    public int ConnectionLimit { get; init; }

    /// <summary>The number of other partners that a node tries if one rejects its contact.</summary>
    /// <value>Default 0. Up to 16.</value>
    public int HuntLimit { get; init; }

    /// <summary>
    /// Whether only the smaller counter grows if both sides know the rumor. If the counters are equal, both grow.
    /// </summary>
    /// <value>Default false.</value>
    public bool Minimise { get; init; }

    /// <summary>
    /// Whether a node that asks also names the rumors that it knows, 8 bytes each, so that no payload is sent twice.
    /// Hearing that the other side knows a rumor is then an unnecessary contact too. The pull of the literature does
    /// not use digests.
    /// </summary>
    /// <value>Default false. Push-then-pull always uses digests.</value>
    public bool Digests { get; init; }

    /// <summary>
    /// With push-then-pull, the age in cycles up to which a rumor is pushed: ceil(log2(n / ln n)), see
    /// <see cref="PushCyclesFor"/>. Too few cycles make the pull phase longer. Each cycle too many doubles the wasted
    /// payloads.
    /// </summary>
    /// <value>Default 11, which suits 10,000 nodes. From 1 to 64.</value>
    public int PushCycles { get; init; } = 11;

    /// <summary>
    /// The age in cycles at which a rumor ends, whatever its counter is. A rumor that arrives at a higher age is
    /// refused as stale. With push-then-pull, nodes answer requests for a rumor until that age.
    /// </summary>
    /// <value>Default 100. From 2 to 10,000.</value>
    public int MaximumAgeCycles { get; init; } = 100;

    /// <summary>The duration of a cycle. All other times are counted in cycles.</summary>
    /// <value>Default 200 ms. From 10 ms to 1 h.</value>
    public TimeSpan CycleTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Whether the cycles of this node start at a random time within a cycle, so that nodes do not act all at once.
    /// With false they start at multiples of the cycle on the node's clock. Nodes with one clock then act in step, like
    /// the rounds of the literature.
    /// </summary>
    /// <value>Default true.</value>
    public bool Staggered { get; init; } = true;

    /// <summary>
    /// The maximum number of datagrams per contact. Hot rumors that do not fit wait for the next cycle.
    /// </summary>
    /// <value>Default 4. From 1 to 16.</value>
    public int DatagramsPerContact { get; init; } = 4;

    /// <summary>
    /// The maximum number of rumors of which the payload is kept, because they are hot or still answered. Further
    /// rumors are refused.
    /// </summary>
    /// <value>Default 512. From 1 to <see cref="MemoryCapacity"/>.</value>
    public int LiveCapacity { get; init; } = 512;

    /// <summary>
    /// The maximum number of rumors that are remembered by their id, of 100 bytes each. The oldest is forgotten first.
    /// </summary>
    /// <value>
    /// Default 4,096. Up to 1,000,000, and at least <see cref="NewPerCycle"/> times <see cref="MaximumAgeCycles"/>, so
    /// that no rumor is forgotten while it spreads.
    /// </value>
    public int MemoryCapacity { get; init; } = 4_096;

    /// <summary>
    /// The maximum time for which an id is remembered. A copy that comes later would count as a new rumor. In mode
    /// identity it is remembered for at least two hours and <see cref="MaximumAgeCycles"/> cycles: its signature holds
    /// for that long, so a member could repeat it.
    /// </summary>
    /// <value>Default 10 min. At least <see cref="MaximumAgeCycles"/> cycles.</value>
    public TimeSpan MemoryTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The maximum number of new rumors per cycle, those of this node included. Further rumors are refused, and may
    /// come again later.
    /// </summary>
    /// <value>Default 32. From 1 to 10,000.</value>
    public int NewPerCycle { get; init; } = 32;

    /// <summary>
    /// Returns the number of push cycles for a network of a given size: ceil(log2(n / ln n)), and one more if messages
    /// are lost.
    /// </summary>
    /// <param name="nodes">The number of nodes n. Fewer than 3 count as 3.</param>
    /// <param name="isLossy">Whether messages are lost.</param>
    public static int PushCyclesFor(int nodes, bool isLossy = false)
    {
        var n = Math.Max(3, nodes);
        return Math.Max(1, (int)Math.Ceiling(Math.Log2(n / Math.Log(n)))) + (isLossy ? 1 : 0);
    }

    /// <summary>
    /// Returns every error that makes the options unusable. Each message names the option and its range.
    /// </summary>
    /// <returns>The errors; empty if the options are valid.</returns>
    public IReadOnlyList<string> Errors() => RumorValidation.Errors(this);
}
