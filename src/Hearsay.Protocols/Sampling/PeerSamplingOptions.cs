using Hearsay.Protocols;

namespace Hearsay;

/// <summary>
/// Every knob of the peer sampling protocol. Immutable; derive one from another with <c>with</c>. The defaults are the
/// preset <see cref="Recommended"/>.
/// </summary>
/// <remarks>
/// Source: Jelasity, Voulgaris, Guerraoui, Kermarrec, van Steen, "Gossip-based Peer Sampling", ACM TOCS 25(3), 2007.
/// Rule of thumb: healing alone decides how fast dead links vanish, swap decides how evenly the load is spread
/// (in-degree), and healing raises clustering; a small H with a large S is the practical optimum.
/// </remarks>
public sealed record PeerSamplingOptions
{
    /// <summary>The largest view size.</summary>
    public const int MaximumViewSize = 256;

    /// <summary>The largest number of tries in a cycle.</summary>
    public const int MaximumTries = 8;

    /// <summary>What is exchanged and how a view is merged.</summary>
    /// <value>Default <see cref="ExchangeForm.HalfViews"/>, the generic protocol.</value>
    public ExchangeForm Form { get; init; } = ExchangeForm.HalfViews;

    /// <summary>
    /// Which entry of the view a cycle contacts. <c>Rand</c> spreads contacts evenly in time; <c>Tail</c> checks the
    /// oldest entry first and so finds dead ones fastest, but needs <see cref="EvictOnTimeout"/>; <c>Head</c> is for
    /// study.
    /// </summary>
    /// <value>Default <see cref="PeerSelection.Tail"/>.</value>
    public PeerSelection Selection { get; init; } = PeerSelection.Tail;

    /// <summary>
    /// Which way descriptors travel. <c>PushPull</c> spreads load under growth and churn and costs twice the bytes of
    /// one way; <c>Push</c> can stay a star or partition in a growing network; <c>Pull</c> collapses to a star.
    /// </summary>
    /// <value>Default <see cref="Propagation.PushPull"/>.</value>
    public Propagation Propagation { get; init; } = Propagation.PushPull;

    /// <summary>
    /// The view size c, in entries. A larger view survives larger crashes (no partition up to about 70 % at c = 30) and
    /// gives consumers more fresh peers; an exchange carries c/2 descriptors, so bytes grow with it.
    /// </summary>
    /// <value>Default 30. Even, 4 to 256. More than about 60 no longer fits one datagram and goes over TCP.</value>
    public int ViewSize { get; init; } = 30;

    /// <summary>
    /// H: how many of the oldest entries give way first in a merge. Larger removes dead links faster and raises
    /// clustering and the spread of in-degrees.
    /// </summary>
    /// <value>Default null: c/5, rounded, at least 1. From 0 to c/2, with H + S at most c/2.</value>
    public int? Healing { get; init; }

    /// <summary>
    /// S: how many of the entries just sent give way next. Larger spreads in-degrees more evenly (below a random
    /// graph).
    /// </summary>
    /// <value>Default null: c/2 - H. From 0 to c/2 - H. Inert where H = c/2.</value>
    public int? Swap { get; init; }

    /// <summary>Cyclon's ℓ: descriptors sent in an exchange, the own one included. Other forms ignore it.</summary>
    /// <value>Default 8. From 2 to c.</value>
    public int ShuffleLength { get; init; } = 8;

    /// <summary>
    /// The period of the active side. Shorter spreads news of joins and deaths faster (everything in the literature is
    /// counted in cycles) and costs bytes and CPU in proportion.
    /// </summary>
    /// <value>Default 1 s. From 10 ms to 1 h.</value>
    public TimeSpan CycleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The share by which each period varies, drawn uniformly from T·(1 ± jitter); the first is drawn from (0, T), so
    /// that nodes do not run in step.
    /// </summary>
    /// <value>Default 0.1. From 0 to 0.5.</value>
    public double Jitter { get; init; } = 0.1;

    /// <summary>
    /// Distinct partners a cycle exchanges with. Larger mixes and heals faster, as a shorter cycle does, at that many
    /// times the bytes; ages still grow once a cycle.
    /// </summary>
    /// <value>Default 1. From 1 to c.</value>
    public int Fanout { get; init; } = 1;

    /// <summary>
    /// Partners tried in a cycle until one answers. With one try, dead entries cost whole cycles and healing is several
    /// times slower; with three it is as fast as if nodes knew who lives. The fourth is for groups no larger than their
    /// views, where no merge ever drops an old entry and only tries find the dead (half of 50 nodes killed: the last
    /// dead link goes in cycle 9 to 11 and not 10 to 12).
    /// </summary>
    /// <value>Default 4. From 1 to 8.</value>
    public int TriesPerCycle { get; init; } = 4;

    /// <summary>
    /// Whether a partner that does not answer leaves the view. Without it dead entries only age away, and tail
    /// selection stalls on them for ever.
    /// </summary>
    /// <value>Default true.</value>
    public bool EvictOnTimeout { get; init; } = true;

    /// <summary>The shortest time-out of a request, however fast answers usually are.</summary>
    /// <value>Default 20 ms. From 1 ms to <see cref="MaximumTimeout"/>.</value>
    public TimeSpan MinimumTimeout { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The longest time-out of a request and the one before any round trip was measured; between the two it is the
    /// smoothed round-trip time plus four mean deviations (RFC 6298).
    /// </summary>
    /// <value>Default null: T/4. Shorter than the cycle time.</value>
    public TimeSpan? MaximumTimeout { get; init; }

    /// <summary>
    /// After how many contacts in a row that were not answered an address is kept out of the view, whoever names it.
    /// After fewer, only descriptors older than the failure are.
    /// </summary>
    /// <value>Default 2. From 1 to 16.</value>
    public int QuarantineAfter { get; init; } = 2;

    /// <summary>How long such an address is kept out, in cycles. Hearing from it ends it at once.</summary>
    /// <value>Default 20. From 1 to 10,000.</value>
    public int QuarantineCycles { get; init; } = 20;

    /// <summary>
    /// How often a peer that was evicted, or a seed, is contacted again, in cycles, for ever: this is what joins the
    /// halves of a partition that has healed.
    /// </summary>
    /// <value>Default 20. From 1 to 100,000.</value>
    public int RecontactCycles { get; init; } = 20;

    /// <summary>How many known peers the node's table can hold, those in the view included.</summary>
    /// <value>Default null: 8c + 64. From 4c + 64 to 65,535.</value>
    public int? TableCapacity { get; init; }

    /// <summary>
    /// The baseline of the literature: rand, pushpull, H = 0, S = 0. Large spread of in-degrees, slow healing.
    /// </summary>
    public static PeerSamplingOptions Blind { get; } =
        new() { Selection = PeerSelection.Rand, Healing = 0, Swap = 0 };

    /// <summary>rand, pushpull, H = c/2: fastest removal of dead entries, highest clustering.</summary>
    public static PeerSamplingOptions Healer { get; } =
        new() { Selection = PeerSelection.Rand, Healing = 15, Swap = 0 };

    /// <summary>rand, pushpull, S = c/2: best balance of in-degrees; dead entries go only by time-outs.</summary>
    public static PeerSamplingOptions Swapper { get; } =
        new() { Selection = PeerSelection.Rand, Healing = 0, Swap = 15 };

    /// <summary>
    /// tail, pushpull, H = c/5, S = c/2 - H, eviction with three tries. See docs/benchmarks.md for why.
    /// </summary>
    public static PeerSamplingOptions Recommended { get; } = new();

    /// <summary>Newscast as its paper has it: c = 20, whole views, the freshest stay.</summary>
    public static PeerSamplingOptions Newscast { get; } =
        new() { Form = ExchangeForm.Newscast, Selection = PeerSelection.Rand, ViewSize = 20, Healing = 0, Swap = 0 };

    /// <summary>Cyclon as its paper has it: c = 20, ℓ = 8, the oldest entry is the partner and is taken out.</summary>
    public static PeerSamplingOptions Cyclon { get; } = new()
    {
        Form = ExchangeForm.Cyclon, Selection = PeerSelection.Tail, ViewSize = 20, Healing = 0, Swap = 0,
        TriesPerCycle = 1,
    };

    /// <summary>Recommended with T = 1 s and time-outs of at most 250 ms.</summary>
    public static PeerSamplingOptions Lan { get; } = new();

    /// <summary>Recommended with T = 5 s and time-outs of at most 1.25 s.</summary>
    public static PeerSamplingOptions Wan { get; } = new() { CycleTime = TimeSpan.FromSeconds(5) };

    /// <summary>H as it is used: the value given or its default.</summary>
    public int EffectiveHealing => Healing ?? Math.Clamp((int)Math.Round(ViewSize / 5.0), 1, Math.Max(1, ViewSize / 2));

    /// <summary>S as it is used: the value given or its default.</summary>
    public int EffectiveSwap => Swap ?? Math.Max(0, (ViewSize / 2) - EffectiveHealing);

    /// <summary>The longest time-out as it is used.</summary>
    public TimeSpan EffectiveMaximumTimeout => MaximumTimeout ?? CycleTime / 4;

    /// <summary>The table's capacity as it is used.</summary>
    public int EffectiveTableCapacity => TableCapacity ?? ((8 * ViewSize) + 64);

    /// <summary>The names of the presets, in lower case, as the command line takes them.</summary>
    public static IReadOnlyList<string> PresetNames { get; } =
        ["blind", "healer", "swapper", "recommended", "newscast", "cyclon", "lan", "wan"];

    /// <summary>Finds a preset by its name, upper or lower case.</summary>
    /// <returns>False if there is none of that name.</returns>
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
    /// The same preset for another view size: H = c/2 stays the healer's and S = c/2 the swapper's. Other values are
    /// kept.
    /// </summary>
    /// <param name="viewSize">The view size c.</param>
    public PeerSamplingOptions WithViewSize(int viewSize) => this with
    {
        ViewSize = viewSize,
        Healing = Healing == ViewSize / 2 ? viewSize / 2 : Healing,
        Swap = Swap == ViewSize / 2 ? viewSize / 2 : Swap,
        ShuffleLength = Math.Min(ShuffleLength, viewSize),
    };

    /// <summary>What an exchange depends on, with all defaults filled in, as the kernels take it.</summary>
    public ExchangeRules ToRules() =>
        new(Form, Selection, Propagation, ViewSize, EffectiveHealing, EffectiveSwap, ShuffleLength);
}
