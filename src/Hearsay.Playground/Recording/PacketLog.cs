using Hearsay.Simulation.Network;

namespace Hearsay.Playground.Recording;

/// <summary>The packets since the page was told last: a bounded list, of which the oldest give way.</summary>
internal sealed class PacketLog
{
    /// <summary>More than a frame of a network of sixty nodes has at full speed.</summary>
    private const int Capacity = 2048;

    private readonly List<LoggedPacket> _packets = [];
    private int _next;

    /// <summary>Packets that gave way because the page did not ask for so long.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Packets so far.</summary>
    public int Total => _next;

    /// <summary>The packets that were not told yet.</summary>
    public IReadOnlyList<LoggedPacket> Packets => _packets;

    /// <summary>A packet leaves. It counts as lost until <see cref="Arrives"/>.</summary>
    public void Sent(int from, int to, ReadOnlySpan<byte> packet, Instant now)
    {
        if (_packets.Count == Capacity)
        {
            _packets.RemoveRange(0, Capacity / 2);
            Forgotten += Capacity / 2;
        }

        _packets.Add(new LoggedPacket(_next++, from, to, PacketKind.Of(packet), now, now, true, packet.Length));
    }

    /// <summary>The packet that left last gets through.</summary>
    public void Arrives(Instant at)
    {
        if (_packets.Count > 0)
        {
            _packets[^1] = _packets[^1] with { ArrivesAt = at, IsLost = false };
        }
    }

    /// <summary>The page has them.</summary>
    public void Clear() => _packets.Clear();
}
