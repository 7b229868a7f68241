using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Playground.Scenes.Maps;

/// <summary>The protocols of a node with a map, tied together as a live node does it.</summary>
internal sealed class ReplicaNode : IMapStores, IEventCarrier, IBroadcastSink
{
    private const int MostCarriedBytes = 1 << 16;

    private readonly BroadcastProtocol? _broadcast;
    private SeededRandom _random;

    /// <summary>A node without anything.</summary>
    /// <param name="seed">Of its epochs: never the same for two lives of a node.</param>
    /// <param name="nodes">How many nodes there are, about.</param>
    /// <param name="pushes">Whether writes go to all nodes at once.</param>
    /// <param name="heartbeat">The time between two comparisons.</param>
    public ReplicaNode(ulong seed, int nodes, bool pushes, TimeSpan heartbeat)
    {
        _random = SeededRandom.For(seed, 0, 0, 0xE0);
        Maps = new AntiEntropyProtocol(
            new MapOptions { CycleTime = heartbeat, SketchCells = 1024 }, this, pushes ? this : null);
        Protocols = [Maps];
        if (pushes)
        {
            var neighbours = new NeighboursProtocol();
            Maps.Follow(neighbours);
            _broadcast = new BroadcastProtocol(new BroadcastOptions { FirstSizeGuess = nodes }, neighbours, this);
            Protocols = [neighbours, _broadcast, Maps];
        }
    }

    /// <summary>All of them, in the order in which they start.</summary>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <summary>The maps.</summary>
    public AntiEntropyProtocol Maps { get; }

    /// <inheritdoc/>
    public int LongestBytes => _broadcast is null ? 0 : MostCarriedBytes;

    /// <inheritdoc/>
    public IReplicaStore Open(string name) => new MemoryReplicaStore();

    /// <inheritdoc/>
    public ulong Next() => _random.NextUInt64();

    /// <inheritdoc/>
    public bool TryCarry(ReadOnlyMemory<byte> payload) =>
        _broadcast!.TryPublish("maps"u8, payload.Span, out _, isRepaired: false) == PublishOutcome.Published;

    /// <inheritdoc/>
    public void Deliver(in BroadcastMessage message) => Maps.Hear(message.Payload);
}
