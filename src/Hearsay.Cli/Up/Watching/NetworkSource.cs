using Hearsay.Cli.Play.Live;
using Hearsay.Cli.Up.Network;
using Hearsay.Playground.Contract;

namespace Hearsay.Cli.Up.Watching;

/// <summary>The network of <c>hearsay up</c>, whose views are all in this process.</summary>
internal sealed class NetworkSource : ILiveSource
{
    private const int Metrics = 6;

    private readonly LocalNetwork _network;
    private readonly Peer[] _view;
    private readonly int[] _counts;
    private readonly int[] _links;
    private readonly int[] _ages;
    private readonly int[] _inDegrees;
    private readonly int[] _parents;
    private Reading _before;

    /// <summary>A source of a network that has started.</summary>
    public NetworkSource(LocalNetwork network, int viewSize)
    {
        (_network, _view, _before) = (network, new Peer[viewSize], Reading.Of(network));
        var count = network.Count;
        (_counts, _inDegrees, _parents) = (new int[count], new int[count], new int[count]);
        (_links, _ages) = (new int[count * viewSize], new int[count * viewSize]);
        Nodes = [.. Enumerable.Range(0, count).Select(index => (IReadOnlyList<(string, string)>)
            [("id", $"{network[index].Id}"), ("address", $"{network[index].LocalAddress}")])];
        Pause = TimeSpan.FromSeconds(count <= 64 ? 0.25 : count <= 300 ? 0.5 : 2);
        Scene = SceneOf(count, viewSize);
    }

    /// <inheritdoc/>
    public SceneDescription Scene { get; }

    /// <inheritdoc/>
    public TimeSpan Pause { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<(string Name, string Value)>> Nodes { get; }

    /// <inheritdoc/>
    public ValueTask<string?> LookAsync(LiveFrame frame, CancellationToken cancellation)
    {
        Span<double> metrics = stackalloc double[Metrics];
        Measure(metrics);
        frame.Begin(_counts.Length, 3, metrics);
        for (var node = 0; node < _counts.Length; node++)
        {
            var (ages, first) = (0, node * _view.Length);
            foreach (var age in _ages.AsSpan(first, _counts[node]))
            {
                ages += age;
            }

            frame.Node(_network.IsAlive(node), isMarked: node == 0);
            frame.Value(_inDegrees[node]);
            frame.Value(_counts[node]);
            frame.Value(_counts[node] == 0 ? 0 : (double)ages / _counts[node]);
            for (var i = 0; i < _counts[node]; i++)
            {
                frame.Link(_links[first + i], _ages[first + i]);
            }
        }

        return new ValueTask<string?>((string?)null);
    }

    private static SceneDescription SceneOf(int nodes, int viewSize) => new()
    {
        Name = "live",
        Title = "Live nodes",
        Question = $"{nodes:N0} real nodes in one process, each with sockets of its own. How do they know each other?",
        Text =
        [
            "These are no simulated nodes: “hearsay up” runs them on this machine, and the page is told of their views "
            + "while it is open. Node 0 is the seed node, through which all others joined.",
            "The colour of a node is how many others know it. Red crosses are nodes that crashed (--kill); red links "
            + "lead to them until the views have healed. Packets are not shown: they are sent as if nobody watched.",
            "Pause stops the picture and not the nodes. The bar goes back to what was recorded.",
        ],
        Knobs = [],
        Values =
        [
            new("in-degree", "ramp", 0, 2 * Math.Min(viewSize, Math.Max(1, nodes - 1))), new("view size", "none", 0, 0),
            new("mean age", "none", 0, 0),
        ],
        Metrics =
        [
            new("in-degree deviation", "", "How unevenly nodes are known; a random graph of this size has about √c."),
            new("view size", "", "How many peers a node knows on average."),
            new("dead links", "%", "Entries of views that lead to nodes that do not run."),
            new("mean age", "cycles", "How old what the views say is on average."),
            new("largest part", "%", "How many of the running nodes are connected through views."),
            new("exchanges a second", "", "Completed by all nodes together."),
        ],
    };

    /// <summary>Reads all views, and what follows from them.</summary>
    private void Measure(Span<double> metrics)
    {
        var (links, dead, ages, live) = (0, 0, 0L, 0);
        Array.Clear(_inDegrees);
        for (var node = 0; node < _counts.Length; node++)
        {
            (_parents[node], _counts[node]) = (node, 0);
        }

        for (var node = 0; node < _counts.Length; node++)
        {
            if (!_network.IsAlive(node))
            {
                continue;
            }

            live++;
            Read(node);
            for (var i = node * _view.Length; i < (node * _view.Length) + _counts[node]; i++)
            {
                (links, ages) = (links + 1, ages + _ages[i]);
                if (_links[i] < 0 || !_network.IsAlive(_links[i]))
                {
                    dead++;
                    continue;
                }

                _inDegrees[_links[i]]++;
                Join(node, _links[i]);
            }
        }

        var now = Reading.Of(_network);
        metrics[0] = Deviation(live);
        metrics[1] = live == 0 ? 0 : (double)links / live;
        metrics[2] = links == 0 ? 0 : 100.0 * dead / links;
        metrics[3] = links == 0 ? 0 : (double)ages / links;
        metrics[4] = live == 0 ? 0 : 100.0 * LargestPart() / live;
        metrics[5] = now.SecondsSince(_before) > 0 ? Math.Max(0, now.ExchangeRateSince(_before)) : 0;
        _before = now;
    }

    private void Read(int node)
    {
        var count = _counts[node] = _network.CopyView(node, _view);
        for (var i = 0; i < count; i++)
        {
            _links[(node * _view.Length) + i] = _network.NumberOf(_view[i].Id);
            _ages[(node * _view.Length) + i] = _view[i].AgeCycles;
        }
    }

    private double Deviation(int live)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var node = 0; node < _inDegrees.Length; node++)
        {
            if (_network.IsAlive(node))
            {
                (sum, squares) = (sum + _inDegrees[node], squares + ((double)_inDegrees[node] * _inDegrees[node]));
            }
        }

        return live == 0 ? 0 : Math.Sqrt(Math.Max(0, (squares / live) - (sum / live * (sum / live))));
    }

    private int LargestPart()
    {
        var sizes = new int[_parents.Length];
        for (var node = 0; node < _parents.Length; node++)
        {
            sizes[Root(node)] += _network.IsAlive(node) ? 1 : 0;
        }

        return sizes.Max();
    }

    private void Join(int one, int other) => _parents[Root(one)] = Root(other);

    private int Root(int node)
    {
        while (_parents[node] != node)
        {
            _parents[node] = _parents[_parents[node]];
            node = _parents[node];
        }

        return node;
    }
}
