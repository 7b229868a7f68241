namespace Hearsay.Simulation.Aggregation;

/// <summary>What goes wrong in a bulk run of aggregation.</summary>
internal sealed record GossipFaults
{
    /// <summary>The probability that a message is lost, each for itself. Default 0.</summary>
    public double Loss { get; init; }

    /// <summary>The probability that an exchange does not happen at all, for both sides. Default 0.</summary>
    public double LinkFailure { get; init; }

    /// <summary>The share of the live nodes that crash just before each cycle. Default 0.</summary>
    public double Crash { get; init; }

    /// <summary>
    /// Whether a new node takes the place of each that crashed. It waits for the next epoch and refuses all exchanges
    /// until then. Default false.
    /// </summary>
    public bool Replace { get; init; }

    /// <summary>
    /// How often a request is sent at most; a repeated one is answered again without effect. Default 1.
    /// </summary>
    public int Tries { get; init; } = 1;
}
