using System.Buffers.Binary;
using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Playground.Scenes.Trees;

/// <summary>Nodes with stable neighbours and broadcast. A link has one latency for the whole run.</summary>
internal sealed class TreeWorld : World
{
    private const int PayloadBytes = 64;

    private static readonly BroadcastMode[] Modes = [BroadcastMode.Auto, BroadcastMode.Tree, BroadcastMode.Flood];

    private readonly List<TreeNode> _nodes = [];
    private readonly List<Instant> _published = [];
    private (long Payloads, long Delivered, long Duplicates) _before;

    /// <summary>A network whose nodes have found their neighbours.</summary>
    public TreeWorld(KnobValues knobs, ulong seed)
        : base(knobs, seed, knobs.Whole("nodes"), TimeSpan.FromSeconds(12)) =>
        Network.Renewing = (node, options) => Equip(node.Index, options);

    /// <inheritdoc/>
    protected override TimeSpan JoinsApart => TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public override void Join()
    {
        var index = Network.Nodes.Count;
        var random = SeededRandom.For(Seed, (ulong)index, 0, 0xC0);
        _nodes.Add(new TreeNode(
            () => Network.Now, message => Recorder.Note("once", $"node {index} was given message {message} twice")));
        Network.Add(
            PeerSamplingOptions.Recommended.WithViewSize(10), SeedContacts.Of(Network, ref random, 1),
            options => Equip(index, options));
    }

    /// <inheritdoc/>
    public override bool IsMarked(int node) => node == 0;

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        var has = _nodes[node].TryGet(_published.Count - 1, out var hops, out var at);
        var isFresh = has && Network.Now - at < TimeSpan.FromMilliseconds(400);
        frame.Add(!has || !Network.Nodes[node].IsUp ? 0.0 : isFresh ? 1.0 : 2.0);
        frame.Add(has ? (double)hops : double.NaN);
        frame.Add((double)_nodes[node].Heard);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame)
    {
        var tree = _nodes[node];
        var children = tree.Broadcast.Sources.Newest?.Children ?? 0;
        var count = 0;
        for (var slot = 0; slot < tree.Neighbours.Capacity; slot++)
        {
            var to = (tree.Neighbours.Up & (1u << slot)) == 0
                ? -1 : Recorder.IndexOf(tree.Neighbours[slot].Addresses.Primary);
            if (to >= 0)
            {
                frame.Add(to | ((children & (1u << slot)) != 0 ? 1 << 16 : 0));
                count++;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var (payloads, delivered, duplicates) = Sums();
        var heard = delivered - _before.Delivered - 1;
        frame.Add(heard <= 0 ? double.NaN : (double)(payloads - _before.Payloads) / heard);
        var (reached, up, last) = (0, 0, Instant.Zero);
        foreach (var node in Network.Nodes.Where(static node => node.IsUp))
        {
            up++;
            if (_nodes[node.Index].TryGet(_published.Count - 1, out _, out var at))
            {
                (reached, last) = (reached + 1, Instant.Max(last, at));
            }
        }

        frame.Add(up == 0 || _published.Count == 0 ? 0 : 100.0 * reached / up);
        frame.Add((double)(duplicates - _before.Duplicates));
        frame.Add((double)_nodes.Sum(static node => node.Broadcast.Counters.Pulls));
        frame.Add(_published.Count == 0 || reached <= 1 ? double.NaN : (last - _published[^1]).TotalMilliseconds);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node)
    {
        var counters = _nodes[node].Broadcast.Counters;
        return base.Describe(node).Concat(
        [
            ("neighbours", $"{_nodes[node].Neighbours.Count}"),
            ("delivered", $"{counters.Delivered}"), ("payloads sent", $"{counters.PayloadsSent}"),
            ("duplicates", $"{counters.Duplicates}"), ("pulls", $"{counters.Pulls}"),
            ("grafts", $"{counters.GraftsSent}"), ("prunes", $"{counters.PrunesSent}"),
            ("repaired", $"{counters.Repaired}"),
        ]);
    }

    /// <inheritdoc/>
    protected override double LatencyFactor(VirtualNode from, VirtualNode to, ref SeededRandom random)
    {
        var (low, high) = (Math.Min(from.Index, to.Index), Math.Max(from.Index, to.Index));
        return 0.5 + SeededRandom.For(Seed, (ulong)low, (ulong)high, 0x6E).NextDouble();
    }

    /// <inheritdoc/>
    protected override void OnBegin() => PlanNext(Instant.Zero + TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    protected override bool TryActHere(string verb, Fault shape, out string? wrong)
    {
        wrong = null;
        foreach (var node in verb == "publish" ? shape.Nodes : [])
        {
            Publish(node);
        }

        return verb == "publish";
    }

    private void PlanNext(Instant at) => Plan(at, () =>
    {
        if (Network.Nodes[0].IsUp)
        {
            Publish(0);
        }

        PlanNext(at + Knobs.Milliseconds("every"));
    });

    private void Publish(int node)
    {
        if (!Network.Nodes[node].IsUp)
        {
            return;
        }

        _before = Sums();
        var payload = new byte[PayloadBytes];
        BinaryPrimitives.WriteInt32BigEndian(payload, _published.Count);
        _published.Add(Network.Now);
        Network.Command(Network.Nodes[node], (core, now) =>
            core.Post(now, _nodes[node].Broadcast.Id, new PublishCommand(default, payload)));
    }

    private (long Payloads, long Delivered, long Duplicates) Sums()
    {
        var (payloads, delivered, duplicates) = (0L, 0L, 0L);
        foreach (var node in _nodes)
        {
            payloads += node.Broadcast.Counters.PayloadsSent;
            delivered += node.Broadcast.Counters.Delivered;
            duplicates += node.Broadcast.Counters.Duplicates;
        }

        return (payloads, delivered, duplicates);
    }

    private NodeCoreOptions Equip(int index, NodeCoreOptions options)
    {
        var node = _nodes[index];
        node.Forget();
        node.Neighbours = new NeighboursProtocol(new NeighbourOptions { ActiveSize = Knobs.Whole("degree") });
        node.Broadcast = new BroadcastProtocol(
            new BroadcastOptions { Mode = Modes[Knobs.Whole("mode")], FirstSizeGuess = Knobs.Whole("nodes") },
            node.Neighbours, node);
        return options with { Protocols = [node.Neighbours, node.Broadcast] };
    }
}
