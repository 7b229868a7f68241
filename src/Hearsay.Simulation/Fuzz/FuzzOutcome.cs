namespace Hearsay.Simulation;

/// <summary>What became of one case.</summary>
public sealed record FuzzOutcome
{
    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The rule that was broken first, or null.</summary>
    public string? Rule { get; init; }

    /// <summary>What happened, or null.</summary>
    public string? Message { get; init; }

    /// <summary>Events handled.</summary>
    public required long Events { get; init; }

    /// <summary>How much time passed, times the nodes.</summary>
    public required TimeSpan NodeTime { get; init; }

    /// <summary>How much time passed.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Faults that began, by <see cref="FaultKind"/>.</summary>
    public required IReadOnlyList<long> Faults { get; init; }

    /// <summary>What the network did to packets.</summary>
    public required LinkCounters Links { get; init; }

    /// <summary>Whether the liveness rules were checked.</summary>
    public bool CheckedLiveness { get; init; }

    /// <summary>A number that stands for every event.</summary>
    public required ulong TraceHash { get; init; }
}
