using Hearsay.Protocols;

namespace Hearsay.Simulation.Network;

/// <summary>An attacker on the path to and from some nodes, and what it has captured there.</summary>
/// <param name="nodes">The nodes, by index.</param>
/// <param name="share">The share of packets that it takes, and of packets after which it sends one of its own.</param>
internal sealed class PathAttacker(IEnumerable<int> nodes, double share)
{
    /// <summary>How many packets it keeps; a new one takes the place of one of them.</summary>
    private const int Capacity = 256;

    private readonly HashSet<int> _nodes = [.. nodes];
    private readonly List<(int From, int To, Link Source, byte[] Packet)> _captured = [];

    /// <summary>The share of packets that it takes.</summary>
    public double Share { get; } = share;

    /// <summary>Whether packets from one node to another pass it.</summary>
    public bool Sees(int from, int to) => _nodes.Contains(from) || _nodes.Contains(to);

    /// <summary>Keeps a copy.</summary>
    public void Capture(int from, int to, in Link source, ReadOnlySpan<byte> packet, ref SeededRandom random)
    {
        var copy = (from, to, source, packet.ToArray());
        if (_captured.Count < Capacity)
        {
            _captured.Add(copy);
        }
        else
        {
            _captured[random.Below(Capacity)] = copy;
        }
    }

    /// <summary>One of those that it has captured; there is one.</summary>
    public (int From, int To, Link Source, byte[] Packet) Any(ref SeededRandom random) =>
        _captured[random.Below(_captured.Count)];

    /// <summary>A packet with some bytes changed, cut off or added. It is never the same.</summary>
    public static byte[] Change(ReadOnlySpan<byte> packet, ref SeededRandom random)
    {
        var change = random.Below(8);
        if (packet.IsEmpty || change == 0)
        {
            return [.. packet, (byte)random.Below(256)];
        }

        if (change == 1)
        {
            return packet[..random.Below(packet.Length)].ToArray();
        }

        var changed = packet.ToArray();
        for (var i = 0; i < change; i += 2)
        {
            // The first eighth, where most of the head is, as often as all the rest.
            var length = random.Below(2) == 0 ? changed.Length : 1 + (changed.Length / 8);
            changed[random.Below(length)] ^= (byte)(1 + random.Below(255));
        }

        // Two changes of one byte may undo each other.
        if (packet.SequenceEqual(changed))
        {
            changed[0] ^= 0xFF;
        }

        return changed;
    }
}
