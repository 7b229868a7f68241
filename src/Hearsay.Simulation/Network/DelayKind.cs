namespace Hearsay.Simulation;

/// <summary>How the delays of packets are distributed.</summary>
public enum DelayKind
{
    /// <summary>Always the shortest.</summary>
    Constant,

    /// <summary>Uniform from the shortest to the shortest plus twice the spread.</summary>
    Uniform,

    /// <summary>The shortest plus an exponential with the spread as its mean.</summary>
    Exponential,

    /// <summary>The shortest plus a log-normal (sigma 1) with the spread as its median: long tails.</summary>
    LogNormal,

    /// <summary>The shortest plus a Pareto (alpha 1.5) with the spread as its scale: very long tails.</summary>
    Pareto,
}
