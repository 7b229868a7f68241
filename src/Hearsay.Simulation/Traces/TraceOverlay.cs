namespace Hearsay.Simulation.Traces;

/// <summary>Who knows whom in a network at a moment, and what is measured on that.</summary>
internal sealed class TraceOverlay
{
    /// <summary>The most lines of a node that the page takes.</summary>
    private const int MostLinks = 1000;

    private readonly VirtualNetwork _network;
    private readonly int _nodes;
    private readonly Func<VirtualNode, IEnumerable<int>>? _links;
    private readonly OverlayGraph _graph;

    /// <summary>Looks at a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="nodes">At so many of its nodes, the first ones.</param>
    /// <param name="links">Whom a node knows; null for the entries of its view.</param>
    public TraceOverlay(VirtualNetwork network, int nodes, Func<VirtualNode, IEnumerable<int>>? links)
    {
        (_network, _nodes, _links) = (network, nodes, links);
        var views = new int[nodes][];
        var live = new bool[nodes];
        for (var i = 0; i < nodes; i++)
        {
            live[i] = network.Nodes[i].IsUp;
            views[i] = live[i] ? [.. LinksOf(network.Nodes[i]).Select(static link => link.To)] : [];
        }

        _graph = OverlayGraph.FromViews(views, live);
    }

    /// <summary>The numbers that every trace has of a node.</summary>
    /// <param name="areViews">Whether links are the entries of views.</param>
    public static IReadOnlyList<string> ValueLabels(bool areViews) =>
        ["in-degree", areViews ? "view size" : "links", "mean age"];

    /// <summary>The numbers of a network whose trace has none of its own, with their units.</summary>
    public static IReadOnlyList<(string Label, string Unit)> MetricLabels { get; } =
    [
        ("in-degree deviation", ""), ("clustering", ""), ("dead links", "%"), ("mean age", "cycles"),
        ("largest part", "%"),
    ];

    /// <summary>Whom a node knows, and the ages of the entries of its view.</summary>
    public List<(int To, int Age)> LinksOf(VirtualNode node)
    {
        if (_links is { } ask)
        {
            return [.. ask(node).Where(to => to >= 0 && to < _nodes && to != node.Index).Take(MostLinks)
                .Select(static to => (to, 0))];
        }

        var handles = node.Core.Sampling.Handles;
        var ages = node.Core.Sampling.Ages;
        var links = new List<(int To, int Age)>(handles.Length);
        for (var i = 0; i < handles.Length; i++)
        {
            var to = _network.At(node.Core.State.Table[handles[i]].Addresses.Primary)?.Index ?? -1;
            if (to >= 0 && to < _nodes && to != node.Index)
            {
                links.Add((to, ages[i]));
            }
        }

        return links;
    }

    /// <summary>How many running nodes know a node.</summary>
    public int InDegree(int node) => _graph.InDegrees[node];

    /// <summary>The mean age of the entries of a running node's view; 0 if it has none.</summary>
    public static double MeanAge(VirtualNode node)
    {
        var (sum, count) = (0, 0);
        foreach (var age in node.IsUp ? node.Core.Sampling.Ages : [])
        {
            (sum, count) = (sum + age, count + 1);
        }

        return count == 0 ? 0 : (double)sum / count;
    }

    /// <summary>The numbers of <see cref="MetricLabels"/>.</summary>
    public double[] Measure()
    {
        var metrics = OverlayMetrics.Measure(_graph, pathSources: 1, seed: 0, _nodes > 200 ? 0.1 : 0);
        var entries = metrics.Links + metrics.DeadLinks;
        var running = _network.Nodes.Take(_nodes).Where(static node => node.IsUp).ToList();
        return
        [
            metrics.InDegreeDeviation,
            metrics.Clustering,
            entries == 0 ? 0 : 100.0 * metrics.DeadLinks / entries,
            running.Count == 0 ? 0 : running.Average(MeanAge),
            metrics.Nodes == 0 ? 0 : 100.0 * metrics.LargestComponent / metrics.Nodes,
        ];
    }
}
