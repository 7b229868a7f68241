using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>The protocols of one node with maps, tied together as a live node does it.</summary>
internal sealed class MapNode : IReplicateNode, IMapStores, IEventCarrier, IBroadcastSink
{
    private const string Map = "map";
    private const int MostCarriedBytes = 1 << 20;

    private readonly AntiEntropyProtocol _maps;
    private readonly BroadcastProtocol? _broadcast;
    private long _heard;
    private SeededRandom _random;

    /// <summary>A node without anything.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="options">The run.</param>
    public MapNode(int index, ReplicateOptions options)
    {
        _random = SeededRandom.For(options.Seed, (ulong)index, 0, 0xE0);
        _maps = new AntiEntropyProtocol(new MapOptions(), this, this);
        if (options.Mode == ReplicateMode.Pull)
        {
            Protocols = [_maps];
            return;
        }

        var neighbours = new NeighboursProtocol();
        _maps.Follow(neighbours);
        var mode = options.Mode == ReplicateMode.Hybrid ? BroadcastMode.Hybrid : BroadcastMode.Auto;
        _broadcast = new BroadcastProtocol(
            new BroadcastOptions { Mode = mode }, neighbours, this);
        var aggregation = new AggregationProtocol(AggregationOptions.Default, values: null, sink: null);
        Protocols = [neighbours, aggregation, _broadcast, _maps];
    }

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <inheritdoc/>
    public CausalContext Context => Replica?.Context ?? CausalContext.Empty;

    /// <inheritdoc/>
    public UInt128 Root => Replica?.Root ?? 0;

    /// <inheritdoc/>
    public PayloadCounts Payloads => new(
        _heard, _broadcast?.Counters.Repaired ?? 0, _broadcast?.Counters.Duplicates ?? 0, _maps.Counters.AlreadySeen,
        _maps.Counters.RowsReceived);

    /// <inheritdoc/>
    public long Exchanges => _maps.Counters.ContextExchanges + _maps.Counters.SketchExchanges
        + _maps.Counters.DigestExchanges + _maps.Counters.SnapshotExchanges;

    /// <inheritdoc/>
    public long ExchangeBytes => _maps.Counters.BytesReceived;

    /// <inheritdoc/>
    public int LongestBytes => _broadcast is null ? 0 : MostCarriedBytes;

    private MapReplica? Replica => _maps.Maps.TryGetValue(Map, out var map) ? map.Replica : null;

    /// <inheritdoc/>
    public long CountOf(RowPath counter)
    {
        var sum = 0L;
        foreach (var row in Replica is { } replica ? replica.RowsOf(counter).ToArray() : [])
        {
            sum += Replica!.TryRead(row.Claim, out var read) ? (long)CounterShare.Read(read.Value.Span).Value : 0;
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Write(NodeCore core, Instant now, MapChange change, ulong stamp, Action<Dot> done) => core.Post(
        now, MapFrame.Protocol, new MapWriteCommand(Map, [change], stamp, (_, dot) => done(dot)));

    /// <inheritdoc/>
    public IReplicaStore Open(string name) => new MemoryReplicaStore();

    /// <inheritdoc/>
    public ulong Next() => _random.NextUInt64();

    /// <inheritdoc/>
    public bool TryCarry(ReadOnlyMemory<byte> payload) =>
        _broadcast!.TryPublish("maps"u8, payload.Span, out _, isRepaired: false) == PublishOutcome.Published;

    /// <inheritdoc/>
    public void Deliver(in BroadcastMessage message)
    {
        _heard += message.Hops > 0 ? 1 : 0;
        _maps.Hear(message.Payload);
    }
}
