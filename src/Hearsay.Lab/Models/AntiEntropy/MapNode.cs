using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>The protocols of one node with maps, tied together as a live node does it.</summary>
internal sealed class MapNode : IMapStores, IEventCarrier, IBroadcastSink
{
    private const int MostCarriedBytes = 1 << 20;

    private SeededRandom _random;

    /// <summary>A node without anything.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="options">The run.</param>
    public MapNode(int index, ReplicateOptions options)
    {
        _random = SeededRandom.For(options.Seed, (ulong)index, 0, 0xE0);
        Maps = new AntiEntropyProtocol(new MapOptions(), this, this);
        if (options.Mode is { } mode)
        {
            var neighbours = new NeighboursProtocol();
            Broadcast = new BroadcastProtocol(new BroadcastOptions { Mode = mode }, neighbours, this);
            Protocols = [neighbours, Broadcast, Maps];
        }
        else
        {
            Protocols = [Maps];
        }
    }

    /// <summary>All of them, in the order in which they start.</summary>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <summary>The maps.</summary>
    public AntiEntropyProtocol Maps { get; }

    /// <summary>What carries events; null if nothing does.</summary>
    public BroadcastProtocol? Broadcast { get; }

    /// <summary>Events of others that came, each once.</summary>
    public long Heard { get; private set; }

    /// <inheritdoc/>
    public int LongestBytes => Broadcast is null ? 0 : MostCarriedBytes;

    /// <inheritdoc/>
    public IReplicaStore Open(string name) => new MemoryReplicaStore();

    /// <inheritdoc/>
    public ulong Next() => _random.NextUInt64();

    /// <inheritdoc/>
    public bool TryCarry(ReadOnlyMemory<byte> payload) =>
        Broadcast!.TryPublish("maps"u8, payload.Span, out _) == PublishOutcome.Published;

    /// <inheritdoc/>
    public void Deliver(in BroadcastMessage message)
    {
        Heard += message.Hops > 0 ? 1 : 0;
        Maps.Hear(message.Payload);
    }
}
