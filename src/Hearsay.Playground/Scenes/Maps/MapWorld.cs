using System.Buffers.Binary;
using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Playground.Scenes.Maps;

/// <summary>Nodes that write a map together, also while a cable between two halves of them is cut.</summary>
internal sealed class MapWorld : World
{
    private const string Name = "shared";

    private static readonly Instant CutAt = Instant.Zero + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CutFor = TimeSpan.FromSeconds(12);

    private readonly List<ReplicaNode> _nodes = [];
    private int _written;

    /// <summary>A network that has run for some seconds, with an empty map.</summary>
    public MapWorld(KnobValues knobs, ulong seed)
        : base(knobs, seed, knobs.Whole("nodes"), TimeSpan.FromSeconds(10)) =>
        Network.Renewing = (node, options) => Equip(node.Index, options);

    /// <inheritdoc/>
    protected override TimeSpan JoinsApart => TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public override void Join()
    {
        var index = Network.Nodes.Count;
        var random = SeededRandom.For(Seed, (ulong)index, 0, 0xC0);
        _nodes.Add(null!);
        Network.Add(
            PeerSamplingOptions.Recommended.WithViewSize(10) with { RecontactCycles = Knobs.Whole("recontact") },
            SeedContacts.Of(Network, ref random), options => Equip(index, options));
    }

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        frame.Add((double)(Network.Nodes[node].IsUp ? _written - KeysOf(node) : 0));
        frame.Add((double)KeysOf(node));
        frame.Add((double)_nodes[node].Maps.OpenExchanges);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame) => ViewLinks.Write(this, node, frame);

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var (up, lacked, whole, rows, bytes) = (0, 0, 0, 0L, 0L);
        var roots = new HashSet<UInt128>();
        foreach (var node in Network.Nodes.Where(static node => node.IsUp))
        {
            var lacks = _written - KeysOf(node.Index);
            var counters = _nodes[node.Index].Maps.Counters;
            (up, lacked, whole) = (up + 1, lacked + lacks, whole + (lacks == 0 ? 1 : 0));
            (rows, bytes) = (rows + counters.RowsReceived, bytes + counters.BytesSent);
            roots.Add(ReplicaOf(node.Index)?.Root ?? default);
            if (counters.RootMismatches > 0)
            {
                Recorder.Note("root", $"node {node.Index} has another map than an exchange promised");
            }
        }

        var of = Math.Max(1, up);
        frame.Add((double)lacked / of);
        frame.Add(100.0 * whole / of);
        frame.Add((double)roots.Count);
        frame.Add((double)rows / of);
        frame.Add(bytes / 1000.0 / of);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node)
    {
        var counters = _nodes[node].Maps.Counters;
        return base.Describe(node).Concat(
        [
            ("keys", $"{KeysOf(node)} of {_written}"), ("written here", $"{counters.Written}"),
            ("came by broadcast", $"{counters.Applied}"), ("came in exchanges", $"{counters.RowsReceived}"),
            ("heartbeats", $"{counters.HeartbeatsSent}"), ("found a difference", $"{counters.Differences}"),
            ("exchanges by contexts", $"{counters.ContextExchanges}"),
            ("exchanges by sketches", $"{counters.SketchExchanges}"),
        ]);
    }

    /// <inheritdoc/>
    protected override void OnBegin()
    {
        Plan(CutAt, () => Injure(new Fault(
            FaultKind.Split, Instant.Zero, [.. Enumerable.Range(0, Network.Nodes.Count / 2)], CutFor, 0)));
        PlanWrite(Instant.Zero + TimeSpan.FromSeconds(1));
    }

    /// <inheritdoc/>
    protected override bool TryActHere(string verb, Fault shape, out string? wrong)
    {
        wrong = null;
        foreach (var node in verb == "write" ? shape.Nodes : [])
        {
            Write(Network.Nodes[node]);
        }

        return verb == "write";
    }

    private void PlanWrite(Instant at) => Plan(at, () =>
    {
        if (AnyNode() is { } node)
        {
            Write(node);
        }

        // The last write is before the cable is mended: what is lacked then is lacked because of the cut.
        if (at + Knobs.Milliseconds("every") < CutAt + CutFor)
        {
            PlanWrite(at + Knobs.Milliseconds("every"));
        }
    });

    private void Write(VirtualNode node)
    {
        if (!node.IsUp)
        {
            return;
        }

        var key = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(key, _written);
        var change = MapChange.Set(RowPath.Of(key), RowKind.Register, new byte[] { 1 });
        var milliseconds = (ulong)(Network.Now - Instant.Zero).TotalMilliseconds;
        Network.Command(node, (core, now) => core.Post(now, MapFrame.Protocol, new MapWriteCommand(
            Name, [change], milliseconds, (outcome, _) => _written += outcome == WriteOutcome.Committed ? 1 : 0)));
    }

    private MapReplica? ReplicaOf(int node) =>
        _nodes[node].Maps.Maps.TryGetValue(Name, out var map) ? map.Replica : null;

    private int KeysOf(int node) => ReplicaOf(node)?.Count ?? 0;

    private NodeCoreOptions Equip(int index, NodeCoreOptions options)
    {
        var life = index < Network.Nodes.Count ? Network.Nodes[index].Life : 0;
        _nodes[index] = new ReplicaNode(
            SeededRandom.Mix(Seed ^ ((ulong)index << 20) ^ (ulong)life), Knobs.Whole("nodes"),
            Knobs.Whole("push") == 1, Knobs.Milliseconds("heartbeat"));
        return options with { Protocols = [.. _nodes[index].Protocols] };
    }
}
