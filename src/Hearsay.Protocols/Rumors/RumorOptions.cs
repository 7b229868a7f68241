using Hearsay.Protocols.Rumors;

namespace Hearsay;

/// <summary>Every knob of rumor mongering. Immutable; derive one from another with <c>with</c>.</summary>
/// <remarks>
/// Sources: Demers et al., PODC 1987 (modes, interest, connection limit, hunting, minimisation); Karp et al., FOCS 2000
/// (median counter); Mercier, Hayez, Matos, arXiv 1709.00198 (push, then pull).
/// </remarks>
public sealed record RumorOptions
{
    /// <summary>The longest text of a rumor in bytes: with its head it fits one datagram.</summary>
    public const int LargestPayloadBytes = 1_000;

    /// <summary>The largest k.</summary>
    public const int LargestK = 100;

    /// <summary>Which way rumors travel.</summary>
    /// <value>Default <see cref="RumorMode.PushPull"/>.</value>
    public RumorMode Mode { get; init; } = RumorMode.PushPull;

    /// <summary>
    /// Whether interest is lost on unnecessary contacts only (true) or on every contact (blind). Feedback costs a small
    /// answer and saves far more payloads than it costs.
    /// </summary>
    /// <value>Default true. Push-then-pull and the median counter do not use it.</value>
    public bool Feedback { get; init; } = true;

    /// <summary>How interest is lost.</summary>
    /// <value>Default <see cref="RumorInterest.Counter"/>. As for <see cref="Feedback"/>.</value>
    public RumorInterest Interest { get; init; } = RumorInterest.Counter;

    /// <summary>
    /// k: after how many unnecessary cycles in a row interest is lost, or the coin's 1/k; with the median counter the
    /// largest counter. Larger leaves fewer nodes out and sends more.
    /// </summary>
    /// <value>Default 3. From 1 to <see cref="LargestK"/>.</value>
    public int K { get; init; } = 3;

    /// <summary>Distinct partners contacted in a cycle. Infect and die is a fanout f, blind, with k = 1.</summary>
    /// <value>Default 1. From 1 to 64.</value>
    public int Fanout { get; init; } = 1;

    /// <summary>
    /// Contacts a node takes in a cycle; it turns the others away. Evens out the load, hurts pull and helps push.
    /// </summary>
    /// <value>Default 0: no limit. Up to 1,000.</value>
    public int ConnectionLimit { get; init; }

    /// <summary>How many other partners are tried when one turned a contact away.</summary>
    /// <value>Default 0. Up to 16.</value>
    public int HuntLimit { get; init; }

    /// <summary>Whether, if both sides know, only the smaller counter grows (of equal ones both).</summary>
    /// <value>Default false.</value>
    public bool Minimise { get; init; }

    /// <summary>
    /// Whether who asks names what it knows, 8 bytes each, so that no text is sent twice; being told that somebody
    /// knows is an unnecessary contact too. The pull of the literature does without. Push-then-pull always does.
    /// </summary>
    /// <value>Default false.</value>
    public bool Digests { get; init; }

    /// <summary>
    /// Push-then-pull: for how many cycles of its age a rumor is pushed; ceil(log2(n / ln n)), see
    /// <see cref="PushCyclesFor"/>. Too few make the pull phase longer, each one too many doubles the wasted payloads.
    /// </summary>
    /// <value>Default 11, right for 10,000 nodes. From 1 to 64.</value>
    public int PushCycles { get; init; } = 11;

    /// <summary>
    /// The age in cycles at which a rumor is over, whatever its counter says, and above which one that arrives is
    /// refused as stale. Push-then-pull answers until then.
    /// </summary>
    /// <value>Default 100. From 2 to 10,000.</value>
    public int MaximumAgeCycles { get; init; } = 100;

    /// <summary>The time of a cycle. Everything else is counted in cycles.</summary>
    /// <value>Default 200 ms. From 10 ms to 1 h.</value>
    public TimeSpan CycleTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Whether this node's cycles begin at a random moment of the cycle time, so that nodes do not act at once. False:
    /// at the multiples of its clock; nodes with one clock then run in step, as the rounds of the literature do.
    /// </summary>
    /// <value>Default true.</value>
    public bool Staggered { get; init; } = true;

    /// <summary>Datagrams one contact may take; what is hot and does not fit waits for the next cycle.</summary>
    /// <value>Default 4. From 1 to 16.</value>
    public int DatagramsPerContact { get; init; } = 4;

    /// <summary>Rumors whose text is kept, because they are hot or answered; others are refused then.</summary>
    /// <value>Default 512. From 1 to <see cref="MemoryCapacity"/>.</value>
    public int LiveCapacity { get; init; } = 512;

    /// <summary>Rumors known by their id; the oldest is forgotten when another comes. 100 bytes each.</summary>
    /// <value>Default 4,096. Up to 1,000,000, and not less than <see cref="NewPerCycle"/> times
    /// <see cref="MaximumAgeCycles"/>, so that none is forgotten while it goes round.</value>
    public int MemoryCapacity { get; init; } = 4_096;

    /// <summary>How long an id is remembered at most. A copy that comes later would be news again.</summary>
    /// <value>Default 10 min. At least <see cref="MaximumAgeCycles"/> cycles.</value>
    public TimeSpan MemoryTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>New rumors taken in a cycle, own ones included; more are refused, and may come again later.</summary>
    /// <value>Default 32. From 1 to 10,000.</value>
    public int NewPerCycle { get; init; } = 32;

    /// <summary>The push phase for so many nodes: ceil(log2(n / ln n)), one more where messages are lost.</summary>
    /// <param name="nodes">n, at least 3; fewer count as 3.</param>
    /// <param name="isLossy">Whether messages are lost.</param>
    public static int PushCyclesFor(int nodes, bool isLossy = false)
    {
        var n = Math.Max(3, nodes);
        return Math.Max(1, (int)Math.Ceiling(Math.Log2(n / Math.Log(n)))) + (isLossy ? 1 : 0);
    }

    /// <summary>
    /// Everything that makes the options unusable, each message with the option and the allowed range.
    /// </summary>
    public IReadOnlyList<string> Errors() => RumorValidation.Errors(this);
}
