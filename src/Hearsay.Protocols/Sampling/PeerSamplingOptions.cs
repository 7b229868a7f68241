using Hearsay.Protocols;

namespace Hearsay;

/// <summary>
/// The options of peer sampling. Immutable; derive one record from another with <c>with</c>. The defaults are the
/// preset <see cref="Recommended"/>.
/// </summary>
/// <remarks>
/// Source: Jelasity, Voulgaris, Guerraoui, Kermarrec, van Steen, "Gossip-based Peer Sampling", ACM TOCS 25(3), 2007. As
/// a rule, healing alone determines how fast dead links vanish, and swap determines how evenly the load is spread
/// (in-degree). Healing also raises clustering. A small H with a large S is the practical optimum.
/// </remarks>
public sealed record PeerSamplingOptions
{
    /// <summary>The maximum of <see cref="ViewSize"/>.</summary>
    public const int MaximumViewSize = 256;

    /// <summary>The maximum of <see cref="TriesPerCycle"/>.</summary>
    public const int MaximumTries = 8;

    /// <summary>The form of the exchange and the merge.</summary>
    /// <value>Default <see cref="ExchangeForm.HalfViews"/>, the generic protocol.</value>
    public ExchangeForm Form { get; init; } = ExchangeForm.HalfViews;

    /// <summary>
    /// The choice of the entry that a node contacts in a cycle. <c>Rand</c> spreads contacts evenly in time.
    /// <c>Tail</c> checks the oldest entry first, so it detects dead entries fastest, but it needs
    /// <see cref="EvictOnTimeout"/>. <c>Head</c> is for study.
    /// </summary>
    /// <value>Default <see cref="PeerSelection.Tail"/>.</value>
    public PeerSelection Selection { get; init; } = PeerSelection.Tail;

    /// <summary>
    /// The direction in which descriptors travel. <c>PushPull</c> spreads the load under growth and churn, and costs
    /// twice the bytes of one direction. With <c>Push</c>, a growing network can stay a star or partition. With
    /// <c>Pull</c>, the overlay collapses to a star.
    /// </summary>
    /// <value>Default <see cref="Propagation.PushPull"/>.</value>
    public Propagation Propagation { get; init; } = Propagation.PushPull;

    /// <summary>
    /// The view size c, in entries. A larger view survives larger crashes (no partition up to about 70 % at c = 30) and
    /// gives consumers more fresh peers. An exchange carries c/2 descriptors, so its bytes grow with c.
    /// </summary>
    /// <value>
    /// Default 30. Even, from 4 to 256. With more than about 60, messages no longer fit one datagram and go over TCP.
    /// </value>
    public int ViewSize { get; init; } = 30;

    /// <summary>
    /// The parameter H: the number of oldest entries that are removed first in a merge. A larger H removes dead links
    /// faster, and raises clustering and the spread of in-degrees.
    /// </summary>
    /// <value>Default null: c/5, rounded, at least 1. From 0 to c/2, with H + S at most c/2.</value>
    public int? Healing { get; init; }

    /// <summary>
    /// The parameter S: the number of entries just sent that are removed next in a merge. A larger S spreads in-degrees
    /// more evenly (below a random graph).
    /// </summary>
    /// <value>Default null: c/2 - H. From 0 to c/2 - H. No effect if H = c/2.</value>
    public int? Swap { get; init; }

    /// <summary>
    /// Cyclon's ℓ: the number of descriptors sent in an exchange, including the node's own. Other forms ignore it.
    /// </summary>
    /// <value>Default 8. From 2 to c.</value>
    public int ShuffleLength { get; init; } = 8;

    /// <summary>
    /// The time between the exchanges that a node starts. A shorter time spreads news of joins and failures faster
    /// (everything in the literature is counted in cycles), and costs bytes and CPU in proportion.
    /// </summary>
    /// <value>Default 1 s. From 10 ms to 1 h.</value>
    public TimeSpan CycleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The share by which each cycle time varies. It is drawn uniformly from T·(1 ± jitter). The first one is drawn
    /// from (0, T), so that nodes do not act in step.
    /// </summary>
    /// <value>Default 0.1. From 0 to 0.5.</value>
    public double Jitter { get; init; } = 0.1;

    /// <summary>
    /// The number of distinct partners per cycle. A larger fanout mixes and heals faster, as a shorter cycle does, and
    /// costs that many times the bytes. Ages still grow once per cycle.
    /// </summary>
    /// <value>Default 1. From 1 to c.</value>
    public int Fanout { get; init; } = 1;

    /// <summary>
    /// The number of partners that a node tries in a cycle until one answers. With one try, dead entries cost whole
    /// cycles, and healing is several times slower. With three tries it is as fast as if nodes knew which peers are
    /// alive. The fourth try is for groups no larger than their views. There no merge ever drops an old entry, and only
    /// tries find dead ones (with half of 50 nodes killed, the last dead link goes in cycle 9 to 11 instead of 10 to
    /// 12).
    /// </summary>
    /// <value>Default 4. From 1 to 8.</value>
    public int TriesPerCycle { get; init; } = 4;

    /// <summary>
    /// Whether a partner that does not answer is removed from the view. Without eviction, dead entries only age away,
    /// and tail selection contacts them for ever.
    /// </summary>
    /// <value>Default true.</value>
    public bool EvictOnTimeout { get; init; } = true;

    /// <summary>The shortest time-out of a request, even if answers are usually faster.</summary>
    /// <value>Default 20 ms. From 1 ms to <see cref="MaximumTimeout"/>.</value>
    public TimeSpan MinimumTimeout { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The longest time-out of a request, and the time-out before the first measured round trip. Between the two limits
    /// it is the smoothed round-trip time plus four mean deviations (RFC 6298).
    /// </summary>
    /// <value>Default null: T/4. Shorter than the cycle time.</value>
    public TimeSpan? MaximumTimeout { get; init; }

    /// <summary>
    /// The number of unanswered contacts in a row after which an address is quarantined: it is kept out of the view,
    /// whichever node names it. After fewer, only descriptors older than the failure are kept out.
    /// </summary>
    /// <value>Default 2. From 1 to 16.</value>
    public int QuarantineAfter { get; init; } = 2;

    /// <summary>
    /// The duration of a quarantine, in cycles. It ends at once when the node hears from the address.
    /// </summary>
    /// <value>Default 20. From 1 to 10,000.</value>
    public int QuarantineCycles { get; init; } = 20;

    /// <summary>
    /// The number of cycles after which an evicted peer, or a seed, is contacted again, as long as the node runs. This
    /// joins the halves of a partition that has healed.
    /// </summary>
    /// <value>Default 20. From 1 to 100,000.</value>
    public int RecontactCycles { get; init; } = 20;

    /// <summary>The maximum number of peers in the node's table, those in the view included.</summary>
    /// <value>Default null: 8c + 64. From 4c + 64 to 65,535.</value>
    public int? TableCapacity { get; init; }

    /// <summary>
    /// The baseline of the literature: rand, pushpull, H = 0, S = 0. In-degrees spread widely, and healing is slow.
    /// </summary>
    public static PeerSamplingOptions Blind { get; } =
        new() { Selection = PeerSelection.Rand, Healing = 0, Swap = 0 };

    /// <summary>rand, pushpull, H = c/2. Dead entries disappear fastest, and clustering is highest.</summary>
    public static PeerSamplingOptions Healer { get; } =
        new() { Selection = PeerSelection.Rand, Healing = 15, Swap = 0 };

    /// <summary>rand, pushpull, S = c/2. In-degrees are balanced best. Only time-outs remove dead entries.</summary>
    public static PeerSamplingOptions Swapper { get; } =
        new() { Selection = PeerSelection.Rand, Healing = 0, Swap = 15 };

    /// <summary>
    /// tail, pushpull, H = c/5, S = c/2 - H, eviction with three tries. See docs/benchmarks.md for why.
    /// </summary>
    public static PeerSamplingOptions Recommended { get; } = new();

    /// <summary>Newscast as in its paper: c = 20, whole views, the freshest entries are kept.</summary>
    public static PeerSamplingOptions Newscast { get; } =
        new() { Form = ExchangeForm.Newscast, Selection = PeerSelection.Rand, ViewSize = 20, Healing = 0, Swap = 0 };

    /// <summary>Cyclon as in its paper: c = 20, ℓ = 8, the oldest entry is the partner and is removed.</summary>
    public static PeerSamplingOptions Cyclon { get; } = new()
    {
        Form = ExchangeForm.Cyclon, Selection = PeerSelection.Tail, ViewSize = 20, Healing = 0, Swap = 0,
        TriesPerCycle = 1,
    };

    /// <summary>Recommended with T = 1 s and time-outs of at most 250 ms.</summary>
    public static PeerSamplingOptions Lan { get; } = new();

    /// <summary>Recommended with T = 5 s and time-outs of at most 1.25 s.</summary>
    public static PeerSamplingOptions Wan { get; } = new() { CycleTime = TimeSpan.FromSeconds(5) };

    /// <summary>The H that is used: <see cref="Healing"/> or its default.</summary>
    public int EffectiveHealing => Healing ?? Math.Clamp((int)Math.Round(ViewSize / 5.0), 1, Math.Max(1, ViewSize / 2));

    /// <summary>The S that is used: <see cref="Swap"/> or its default.</summary>
    public int EffectiveSwap => Swap ?? Math.Max(0, (ViewSize / 2) - EffectiveHealing);

    /// <summary>The longest time-out that is used: <see cref="MaximumTimeout"/> or its default.</summary>
    public TimeSpan EffectiveMaximumTimeout => MaximumTimeout ?? CycleTime / 4;

    /// <summary>The capacity of the table that is used: <see cref="TableCapacity"/> or its default.</summary>
    public int EffectiveTableCapacity => TableCapacity ?? ((8 * ViewSize) + 64);

    /// <summary>The names of the presets in lower case, as the command line accepts them.</summary>
    public static IReadOnlyList<string> PresetNames { get; } =
        ["blind", "healer", "swapper", "recommended", "newscast", "cyclon", "lan", "wan"];

    /// <summary>Finds a preset by its name. Case does not matter.</summary>
    /// <param name="name">The name of the preset.</param>
    /// <param name="options">The preset.</param>
    /// <returns>False if there is no preset of that name.</returns>
    public static bool TryGetPreset(string name, out PeerSamplingOptions options)
    {
        var found = name?.ToUpperInvariant() switch
        {
            "BLIND" => Blind,
            "HEALER" => Healer,
            "SWAPPER" => Swapper,
            "RECOMMENDED" => Recommended,
            "NEWSCAST" => Newscast,
            "CYCLON" => Cyclon,
            "LAN" => Lan,
            "WAN" => Wan,
            _ => null,
        };
        options = found ?? Recommended;
        return found is not null;
    }

    /// <summary>
    /// Returns a copy with another view size. H = c/2 of the healer and S = c/2 of the swapper follow the new size.
    /// Other values stay as they are.
    /// </summary>
    /// <param name="viewSize">The new view size c.</param>
    public PeerSamplingOptions WithViewSize(int viewSize) => this with
    {
        ViewSize = viewSize,
        Healing = Healing == ViewSize / 2 ? viewSize / 2 : Healing,
        Swap = Swap == ViewSize / 2 ? viewSize / 2 : Swap,
        ShuffleLength = Math.Min(ShuffleLength, viewSize),
    };

    /// <summary>Returns the parameters of an exchange for the kernels, with all defaults filled in.</summary>
    public ExchangeRules ToRules() =>
        new(Form, Selection, Propagation, ViewSize, EffectiveHealing, EffectiveSwap, ShuffleLength);
}
