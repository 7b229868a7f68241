using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Playground.Scenes.Trees;

/// <summary>One node's broadcast, and what it heard.</summary>
internal sealed class TreeNode(Func<Instant> now, Action<int> heardTwice) : IBroadcastSink
{
    private readonly Dictionary<int, (int Hops, Instant At)> _heard = [];

    /// <summary>Its neighbours.</summary>
    public NeighboursProtocol Neighbours { get; set; } = null!;

    /// <summary>Its broadcast.</summary>
    public BroadcastProtocol Broadcast { get; set; } = null!;

    /// <summary>How many messages it has heard.</summary>
    public int Heard => _heard.Count;

    /// <summary>Whether it has a message, and how it came.</summary>
    public bool TryGet(int message, out int hops, out Instant at)
    {
        var has = _heard.TryGetValue(message, out var heard);
        (hops, at) = heard;
        return has;
    }

    /// <summary>The node starts again and knows nothing.</summary>
    public void Forget() => _heard.Clear();

    /// <inheritdoc/>
    public void Deliver(in BroadcastMessage message)
    {
        var number = BinaryPrimitives.ReadInt32BigEndian(message.Payload);
        if (!_heard.TryAdd(number, (message.Hops, now())))
        {
            heardTwice(number);
        }
    }
}
