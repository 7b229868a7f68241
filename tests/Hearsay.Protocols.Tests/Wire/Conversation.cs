using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Wire;

/// <summary>What two envelopes send each other, as inputs for one of them: several packets in one input.</summary>
/// <remarks>
/// Each packet has two bytes of length before it. The highest bit of the length says that it comes on a stream, the
/// next that it comes from another address, and the one after it that a second has passed.
/// </remarks>
internal static class Conversation
{
    private const int MostPackets = 8;

    private static readonly NodeAddress[] _addresses =
        [.. Enumerable.Range(1, 3).Select(host => NodeAddress.FromIPv4(0x0A00_0000u + (uint)host, 7000))];

    /// <summary>One of the two.</summary>
    internal readonly record struct End(NodeEnvelope Envelope, NodeId Id, int Number)
    {
        public NodeAddress Address => _addresses[Number];
    }

    public static Instant Begin => new(TimeSpan.TicksPerHour);

    /// <summary>Lets both say something.</summary>
    /// <returns>What came to the first and to the second.</returns>
    public static (byte[] ToFirst, byte[] ToSecond) Record(End first, End second, LinkKind kind)
    {
        var (toFirst, toSecond) = (new List<byte>(), new List<byte>());
        var waiting = new Queue<(End To, End From, byte[] Packet)>();
        foreach (var (from, to) in new[] { (first, second), (second, first), (first, second) })
        {
            waiting.Enqueue((to, from, Say(from, to, kind)));
            while (waiting.TryDequeue(out var next))
            {
                if (next.Packet.Length == 0)
                {
                    continue;
                }

                var into = next.To.Number == first.Number ? toFirst : toSecond;
                var length = next.Packet.Length | (kind == LinkKind.Stream ? 0x8000 : 0);
                into.AddRange([(byte)(length >> 8), (byte)length, .. next.Packet]);
                _ = next.To.Envelope.TryOpen(
                    next.Packet, new Link(next.From.Address, kind), next.To.Id, Begin, out _, out _);
                while (next.To.Envelope.TryTakeOwn(out _, out var own))
                {
                    waiting.Enqueue((next.From, next.To, own.ToArray()));
                }
            }
        }

        return ([.. toFirst], [.. toSecond]);
    }

    /// <summary>What one end sends to the other.</summary>
    public static byte[] Say(End from, End to, LinkKind kind)
    {
        var writer = new WireWriter(new byte[NodeEnvelope.LongestDatagramBytes]);
        writer.WriteZeros(from.Envelope.HeadBytes);
        NodeEnvelope.Address(writer.Written, to.Id);
        var frame = Frame.Begin(ref writer, 200, 1);
        writer.WriteZeros(40);
        Frame.End(ref writer, frame);
        return from.Envelope.Seal(writer.Written, new Link(to.Address, kind), from.Id, Begin).ToArray();
    }

    /// <summary>Hands the packets of an input to an end.</summary>
    /// <returns>How many were opened.</returns>
    public static int Hear(End to, int from, ReadOnlySpan<byte> input)
    {
        var (now, opened) = (Begin, 0);
        for (var i = 0; i < MostPackets && input.Length >= 2; i++)
        {
            var (flags, length) = (input[0], ((input[0] & 0x1F) << 8) | input[1]);
            input = input[2..];
            length = Math.Min(length, input.Length);
            now += (flags & 0x20) != 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
            var link = new Link(
                _addresses[(flags & 0x40) != 0 ? 0 : from],
                (flags & 0x80) != 0 ? LinkKind.Stream : LinkKind.Datagram);
            if (to.Envelope.TryOpen(input[..length], link, to.Id, now, out var packet, out _))
            {
                opened++;
                var reader = new WireReader(packet.Frames);
                while (Frame.TryRead(ref reader, out _, out _, out _))
                {
                }
            }

            while (to.Envelope.TryTakeOwn(out _, out _))
            {
            }

            input = input[length..];
        }

        return opened;
    }
}
