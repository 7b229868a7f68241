using Hearsay.Learning;

namespace Hearsay.Lab.Models.Learning;

/// <summary>One run of gossip learning.</summary>
internal sealed record LearningRunOptions
{
    public required ILearningModel Model { get; init; }

    public LearningOptions Learning { get; init; } = new();

    public int Nodes { get; init; } = 100;

    public string Placement { get; init; } = "iid";

    /// <summary>The concentration of a Dirichlet placement; smaller is more uneven.</summary>
    public double Alpha { get; init; } = 0.1;

    /// <summary>hearsay, uniform or static.</summary>
    public string Sampler { get; init; } = "hearsay";

    public int OutDegree { get; init; } = 20;

    public int Cycles { get; init; } = 100;

    public double Loss { get; init; }

    /// <summary>How many cycles a message travels, uniform between these.</summary>
    public (double Least, double Most) DelayCycles { get; init; }

    /// <summary>The share of nodes that are online.</summary>
    public double Online { get; init; } = 1;

    /// <summary>
    /// The cycles that a node stays online, in the mean; 0 to draw anew in each cycle who is online. Federated
    /// averaging always draws anew.
    /// </summary>
    public int SessionCycles { get; init; }

    public double Attackers { get; init; }

    /// <summary>flip, noise or age.</summary>
    public string Attack { get; init; } = "flip";

    public int MetricsEvery { get; init; } = 10;

    /// <summary>Mini-batches of central training.</summary>
    public int CentralSteps { get; init; } = 20_000;

    /// <summary>Nodes whose models are tested.</summary>
    public int Measured { get; init; } = 100;
}
