using System.Collections.Concurrent;
using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

/// <summary>Remembers what arrives, and lets a test wait for it.</summary>
internal sealed class PacketLog : IPacketReceiver
{
    private readonly ConcurrentQueue<(Link From, byte[] Packet)> _packets = [];

    public Action<Link, byte[]>? Answer { get; set; }

    public int Count => _packets.Count;

    public IReadOnlyList<(Link From, byte[] Packet)> Packets => [.. _packets];

    public void OnPacket(in Link from, ReadOnlySpan<byte> packet)
    {
        var copy = packet.ToArray();
        _packets.Enqueue((from, copy));
        Answer?.Invoke(from, copy);
    }

    public async Task<(Link From, byte[] Packet)> NextAsync()
    {
        await Eventually.TrueAsync(() => !_packets.IsEmpty, "a packet arrives");
        Assert.True(_packets.TryDequeue(out var packet));
        return packet;
    }
}
