using Hearsay.Protocols;
using Hearsay.Simulation.Fuzz;

namespace Hearsay.Simulation;

/// <summary>What one seed stands for: a configuration, a network and what goes wrong.</summary>
public sealed record FuzzCase
{
    private static readonly PeerSamplingOptions[] Presets =
    [
        PeerSamplingOptions.Recommended, PeerSamplingOptions.Recommended, PeerSamplingOptions.Recommended,
        PeerSamplingOptions.Blind, PeerSamplingOptions.Healer, PeerSamplingOptions.Healer,
        PeerSamplingOptions.Swapper, PeerSamplingOptions.Swapper,
        PeerSamplingOptions.Newscast, PeerSamplingOptions.Cyclon,
    ];

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How many nodes start.</summary>
    public required int Nodes { get; init; }

    /// <summary>The knobs of all nodes.</summary>
    public required PeerSamplingOptions Sampling { get; init; }

    /// <summary>What the network does to packets while things go wrong.</summary>
    public required LinkModel Links { get; init; }

    /// <summary>What goes wrong.</summary>
    public required FaultPlan Plan { get; init; }

    /// <summary>How long things go wrong.</summary>
    public required TimeSpan Trouble { get; init; }

    /// <summary>Whether a quiet phase follows, after which the overlay must be whole.</summary>
    public required bool EndsQuietly { get; init; }

    /// <summary>The case of a seed.</summary>
    public static FuzzCase FromSeed(ulong seed)
    {
        var random = SeededRandom.For(seed, 0, 0, 0xF022);
        var nodes = 3 + random.Below(30);
        var sampling = ChooseSampling(nodes, ref random);
        var trouble = sampling.CycleTime * (40 + random.Below(120));
        return new FuzzCase
        {
            Seed = seed,
            Nodes = nodes,
            Sampling = sampling,
            Links = ChooseLinks(sampling, ref random),
            Plan = FaultChooser.Choose(nodes, sampling.CycleTime, trouble, ref random),
            Trouble = trouble,
            EndsQuietly = random.Below(10) < 5,
        };
    }

    /// <summary>
    /// The same for mode key: in two of three cases attackers are on the path, chosen by a generator of their own.
    /// </summary>
    public FuzzCase WithAttackers()
    {
        var random = SeededRandom.For(Seed, 0, 0, 0xA77A);
        return random.Below(3) == 0 ? this : this with
        {
            Plan = new FaultPlan(
                [.. Plan.Faults, .. FaultChooser.Attackers(Nodes, Sampling.CycleTime, Trouble, ref random)]),
        };
    }

    /// <summary>The configuration in a few words.</summary>
    public string Describe()
    {
        var s = Sampling;
        var rules = s.ToRules();
        return $"{Nodes} nodes, {s.Form} {s.Selection} {s.Propagation}, c {s.ViewSize}, H {rules.Healing}, "
            + $"S {rules.Swap}, cycle {s.CycleTime.TotalMilliseconds:0} ms, fanout {s.Fanout}, "
            + $"tries {s.TriesPerCycle}, quarantine after {s.QuarantineAfter} for {s.QuarantineCycles}, "
            + $"recontact {s.RecontactCycles}";
    }

    /// <summary>
    /// About a quarter of the rare branches is made likely: tiny views, minimal tables, short memory.
    /// </summary>
    private static PeerSamplingOptions ChooseSampling(int nodes, ref SeededRandom random)
    {
        var preset = Presets[random.Below(Presets.Length)];
        var size = 4 + (2 * random.Below(random.Below(4) == 0 ? 14 : Math.Clamp(nodes / 3, 2, 12)));
        var options = preset.WithViewSize(size) with
        {
            CycleTime = TimeSpan.FromMilliseconds(random.Below(4) == 0 ? 200 : 1000),
            Fanout = random.Below(4) == 0 ? 1 + random.Below(3) : 1,
            Jitter = random.Below(3) == 0 ? random.Below(6) * 0.1 : preset.Jitter,
        };
        if (preset.Form == ExchangeForm.HalfViews)
        {
            options = options with
            {
                Selection = random.Below(2) == 0 ? preset.Selection : (PeerSelection)random.Below(3),
                Propagation = random.Below(8) == 0 ? (Propagation)random.Below(3) : Propagation.PushPull,
            };
        }

        bool Rare(ref SeededRandom chance) => chance.Below(4) == 0;
        return options with
        {
            TableCapacity = Rare(ref random) ? (4 * size) + 64 : null,
            TriesPerCycle = Rare(ref random) ? 1 : options.TriesPerCycle,
            MinimumTimeout = Rare(ref random) ? TimeSpan.FromMilliseconds(1) : options.MinimumTimeout,
            MaximumTimeout = Rare(ref random) ? options.CycleTime / 10 : null,
            QuarantineAfter = Rare(ref random) ? 1 : options.QuarantineAfter,
            QuarantineCycles = Rare(ref random) ? 4 : options.QuarantineCycles,
            RecontactCycles = Rare(ref random) ? 3 : options.RecontactCycles,
        };
    }

    private static LinkModel ChooseLinks(PeerSamplingOptions sampling, ref SeededRandom random)
    {
        double Some(double most, ref SeededRandom chance) => chance.Below(3) == 0 ? most * chance.NextDouble() : 0;
        var scale = sampling.CycleTime / 1000;
        return new LinkModel
        {
            Delay = new DelayModel(
                (DelayKind)random.Below(5), scale * (1 + random.Below(20)), scale * (1 + random.Below(100))),
            Loss = Some(0.2, ref random),
            BurstBegins = Some(0.02, ref random),
            Duplication = Some(0.2, ref random),
            Replay = Some(0.1, ref random),
            ReplayDelay = sampling.CycleTime * (1 + random.Below(20)),
            Reordering = Some(0.2, ref random),
            ReorderingDelay = sampling.CycleTime * random.NextDouble(),
            Corruption = Some(0.05, ref random),
            Truncation = Some(0.05, ref random),
            BytesPerSecond = random.Below(8) == 0 ? 20_000 / sampling.CycleTime.TotalSeconds : 0,
        };
    }
}
