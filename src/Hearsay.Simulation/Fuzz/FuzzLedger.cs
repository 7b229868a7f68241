namespace Hearsay.Simulation;

/// <summary>What a campaign has to show.</summary>
public sealed record FuzzLedger
{
    /// <summary>Seeds run.</summary>
    public required int Seeds { get; init; }

    /// <summary>The first of them.</summary>
    public required ulong SeedStart { get; init; }

    /// <summary>Seeds that ended with a quiet phase and the liveness rules.</summary>
    public required int LivenessChecked { get; init; }

    /// <summary>Virtual time of all networks, in hours.</summary>
    public required double SimulatedHours { get; init; }

    /// <summary>The same times the nodes.</summary>
    public required double NodeHours { get; init; }

    /// <summary>Events handled, each followed by a check of all invariants.</summary>
    public required long Events { get; init; }

    /// <summary>Faults by kind; those of packets are counted in packets.</summary>
    public required IReadOnlyDictionary<string, long> Faults { get; init; }

    /// <summary>Seeds under which a rule was broken, by rule.</summary>
    public required IReadOnlyDictionary<string, int> Violations { get; init; }

    /// <summary>Those seeds.</summary>
    public required IReadOnlyList<FuzzFailure> Failures { get; init; }

    /// <summary>A number that stands for every event of every seed, in hexadecimal.</summary>
    public required string TraceHash { get; init; }
}
