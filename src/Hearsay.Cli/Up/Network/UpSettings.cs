using Hearsay.Learning;

namespace Hearsay.Cli.Up.Network;

/// <summary>What a run of <c>hearsay up</c> was asked to do, checked.</summary>
internal sealed record UpSettings
{
    /// <summary>How many nodes are started.</summary>
    public int Nodes { get; init; } = 50;

    /// <summary>The knobs of every node.</summary>
    public PeerSamplingOptions Sampling { get; init; } = PeerSamplingOptions.Recommended;

    /// <summary>The share of the nodes that crash; null if none do.</summary>
    public double? Kill { get; init; }

    /// <summary>How many cycles the run lasts in all; null if it ends by itself.</summary>
    public int? Cycles { get; init; }

    /// <summary>Whether the cost of an exchange is compared with that of bare sockets.</summary>
    public bool Floor { get; init; }

    /// <summary>Whether rumors run through the network and are shown.</summary>
    public bool Rumors { get; init; }

    /// <summary>Whether the nodes agree on a number and it is shown.</summary>
    public bool Aggregate { get; init; }

    /// <summary>Whether nodes write a map through a partition and it is shown.</summary>
    public bool Map { get; init; }

    /// <summary>The data on which the nodes learn together; null if they do not learn.</summary>
    public LearningData? Learn { get; init; }

    /// <summary>Where the data is from, for people.</summary>
    public string? LearnFrom { get; init; }

    /// <summary>Whether a page shows the nodes while they live.</summary>
    public bool Play { get; init; }

    /// <summary>Whether a browser is opened for that page.</summary>
    public bool OpensBrowser { get; init; } = true;

    /// <summary>
    /// The knobs of aggregation: five times the pace of peer sampling, so that an epoch can be waited for.
    /// </summary>
    public AggregationOptions Aggregation => AggregationOptions.Default with
    {
        CycleTime = TimeSpan.FromTicks(Math.Max(Sampling.CycleTime.Ticks / 5, TimeSpan.FromMilliseconds(20).Ticks)),
        MaximumDefinitions = Learn is null ? AggregationOptions.Default.MaximumDefinitions : 256,
    };

    /// <summary>The seed of the nodes' choices and of who crashes.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether the outcome is one JSON object.</summary>
    public bool Json { get; init; }

    /// <summary>How many entries a full view has in this network: min(c, N - 1).</summary>
    public int FullView => Math.Min(Sampling.ViewSize, Nodes - 1);
}
