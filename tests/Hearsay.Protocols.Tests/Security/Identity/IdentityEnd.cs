using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>The envelope of one node with its address, for tests that carry packets by hand.</summary>
internal sealed class IdentityEnd
{
    private readonly byte[] _buffer = new byte[NodeEnvelope.LongestStreamBytes];

    public IdentityEnd(IdentitySecurity security, byte number)
    {
        (Security, Address) = (security, NodeAddress.FromIPv4(0x0A00_0000u + number, 7000));
        Envelope = new IdentityEnvelope(security, security.Admission.Label);
    }

    public IdentitySecurity Security { get; }

    public NodeId Id => Security.Keys.Id;

    public NodeAddress Address { get; set; }

    public IdentityEnvelope Envelope { get; private set; }

    public Instant Now { get; set; } = new(TimeSpan.TicksPerHour);

    /// <summary>What came of the packet that was received last.</summary>
    public DropReason Last { get; private set; }

    /// <summary>The packets that the envelope sent of its own accord because of the last one, and whereto.</summary>
    public List<(Link To, byte[] Packet)> Own { get; } = [];

    /// <summary>A node that starts anew with its identity, and nothing else.</summary>
    public void Restart() => Envelope = new IdentityEnvelope(Security, Security.Admission.Label);

    /// <summary>What goes out for a frame with a text; empty while a handshake is under way.</summary>
    public byte[] Seal(IdentityEnd to, string text, LinkKind kind = LinkKind.Datagram, bool toAnyone = false)
    {
        var writer = new WireWriter(_buffer.AsSpan(0, Envelope.MaximumBytes(kind)));
        writer.WriteZeros(Envelope.HeadBytes);
        NodeEnvelope.Address(writer.Written, toAnyone ? NodeId.None : to.Id);
        var start = Frame.Begin(ref writer, 200, 1);
        writer.WriteBytes(System.Text.Encoding.UTF8.GetBytes(text));
        Frame.End(ref writer, start);
        Assert.False(writer.Failed);
        return Envelope.Seal(writer.Written, new Link(to.Address, kind), Id, Now).ToArray();
    }

    /// <summary>Opens a packet; the text of its frame, or null.</summary>
    public string? Open(IdentityEnd from, byte[] packet, LinkKind kind = LinkKind.Datagram) =>
        Open(from.Address, packet, kind);

    public string? Open(NodeAddress from, byte[] packet, LinkKind kind = LinkKind.Datagram)
    {
        Own.Clear();
        var isOpen = Envelope.TryOpen(packet, new Link(from, kind), Id, Now, out var opened, out var refused);
        var text = isOpen ? TextOf(opened.Frames) : null;
        Assert.True(!isOpen || !opened.Sender.IsNone);
        while (Envelope.TryTakeOwn(out var to, out var own))
        {
            Own.Add((to, own.ToArray()));
        }

        Last = refused;
        return text;
    }

    /// <summary>Carries a packet, and all that follows from it, between two ends; what was heard, in order.</summary>
    public static List<string> Carry(IdentityEnd from, IdentityEnd to, byte[] packet, int most = 40)
    {
        var heard = new List<string>();
        var waiting = new Queue<(IdentityEnd From, IdentityEnd To, byte[] Packet)>([(from, to, packet)]);
        while (waiting.TryDequeue(out var next) && most-- > 0)
        {
            if (next.To.Open(next.From, next.Packet) is { Length: > 0 } text)
            {
                heard.Add(text);
            }

            foreach (var (_, own) in next.To.Own)
            {
                waiting.Enqueue((next.To, next.From, own));
            }
        }

        return heard;
    }

    /// <summary>Says something, with whatever it takes.</summary>
    public static List<string> Say(IdentityEnd from, IdentityEnd to, string text) =>
        Carry(from, to, from.Seal(to, text));

    /// <summary>Makes two nodes known to each other.</summary>
    public static void Meet(IdentityEnd a, IdentityEnd b)
    {
        Assert.Equal(["hello"], Say(a, b, "hello"));
        Assert.Equal(["welcome"], Say(b, a, "welcome"));
    }

    public static void Pass(TimeSpan span, params IdentityEnd[] ends)
    {
        foreach (var end in ends)
        {
            end.Now += span;
        }
    }

    private static string TextOf(ReadOnlySpan<byte> frames)
    {
        var reader = new WireReader(frames);
        while (Frame.TryRead(ref reader, out var protocol, out _, out var body))
        {
            if (protocol == 200)
            {
                return System.Text.Encoding.UTF8.GetString(body);
            }
        }

        return string.Empty;
    }
}
