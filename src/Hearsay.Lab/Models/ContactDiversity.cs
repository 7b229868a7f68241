namespace Hearsay.Lab.Models;

/// <summary>With whom nodes exchange while an overlay gossips: how many others, how often the same again.</summary>
/// <param name="DistinctPartners">Distinct nodes that a node chose as partner, mean over the nodes, after each
/// cycle.</param>
/// <param name="RepeatShare">The share of choices that fell on the partner of the cycle before.</param>
/// <param name="Clustering">The clustering coefficient of who exchanged with whom in the last cycles.</param>
/// <param name="ClusteringOfChance">The same of a random graph with as many links.</param>
internal sealed record ContactDiversity(
    IReadOnlyList<double> DistinctPartners, double RepeatShare, double Clustering, double ClusteringOfChance)
{
    /// <summary>The graph of contacts is made of so many cycles: as many as a view has entries is too dense.</summary>
    private const int GraphCycles = 10;

    private const int WarmupCycles = 50;

    /// <summary>Runs an overlay of the literature's plain engine, which tells who met whom.</summary>
    public static ContactDiversity Measure(PeerSamplingOptions sampling, int nodes, int cycles, ulong seed)
    {
        var (seen, last) = (new HashSet<int>[nodes], Enumerable.Repeat(-1, nodes).ToArray());
        var contacts = Enumerable.Range(0, nodes).Select(_ => new List<int>()).ToArray();
        var (repeats, choices, sum) = (0L, 0L, 0L);
        for (var node = 0; node < nodes; node++)
        {
            seen[node] = [];
        }

        CycleRunner? engine = null;
        engine = new CycleRunner(new CycleOptions { Rules = sampling.ToRules(), Seed = seed }, nodes)
        {
            Met = (node, partner) =>
            {
                if (engine!.Cycle <= WarmupCycles)
                {
                    return;
                }

                choices++;
                repeats += last[node] == partner ? 1 : 0;
                last[node] = partner;
                sum += seen[node].Add(partner) ? 1 : 0;
                if (engine.Cycle > WarmupCycles + cycles - GraphCycles)
                {
                    contacts[node].Add(partner);
                }
            },
        };
        engine.Run(WarmupCycles);
        var distinct = new double[cycles];
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            engine.Run(1);
            distinct[cycle] = (double)sum / nodes;
        }

        var graph = OverlayGraph.FromViews([.. contacts.Select(list => list.Distinct().ToArray())]);
        return new ContactDiversity(
            distinct, (double)repeats / choices, ClusteringMetric.Of(graph),
            OverlayMetrics.Measure(graph, pathSources: 0).MeanDegree / (nodes - 1));
    }
}
