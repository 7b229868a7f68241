using Hearsay.Protocols.Security;
using Hearsay.Protocols.Wire;
using OpenPacket = Hearsay.Protocols.Wire.Envelope;

namespace Hearsay.Protocols.Tests.Security;

/// <summary>The envelope of one node with its counters and its address, for tests that carry packets by hand.</summary>
internal sealed class RecordEnd
{
    private readonly byte[] _buffer = new byte[NodeEnvelope.LongestStreamBytes];

    public RecordEnd(NodeSecurity security, byte id, string cluster = "default")
    {
        (Id, Address) = (new NodeId(id, id), NodeAddress.FromIPv4(0x0A00_0000u + id, 7000));
        Envelope = new RecordEnvelope(security, OpenPacket.LabelOf(cluster));
    }

    public NodeId Id { get; }

    public NodeAddress Address { get; set; }

    public RecordEnvelope Envelope { get; }

    public Instant Now { get; set; } = new(TimeSpan.TicksPerHour);

    /// <summary>What came of the packet that was received last.</summary>
    public DropReason Last { get; private set; }

    /// <summary>The packets that the envelope sent of its own accord because of the last one.</summary>
    public List<byte[]> Own { get; } = [];

    /// <summary>A packet with a frame that holds a text.</summary>
    public byte[] Seal(RecordEnd to, string text, LinkKind kind = LinkKind.Datagram, bool toAnyone = false) =>
        Seal(to, System.Text.Encoding.UTF8.GetBytes(text), kind, toAnyone);

    public byte[] Seal(RecordEnd to, byte[] body, LinkKind kind = LinkKind.Datagram, bool toAnyone = false)
    {
        var writer = new WireWriter(_buffer.AsSpan(0, Envelope.MaximumBytes(kind)));
        writer.WriteZeros(Envelope.HeadBytes);
        NodeEnvelope.Address(writer.Written, toAnyone ? NodeId.None : to.Id);
        var start = Frame.Begin(ref writer, 200, 1);
        writer.WriteBytes(body);
        Frame.End(ref writer, start);
        Assert.False(writer.Failed);
        return Envelope.Seal(writer.Written, new Link(to.Address, kind), Id, Now).ToArray();
    }

    /// <summary>Opens a packet; the text of its frame, or null.</summary>
    public string? Open(RecordEnd from, byte[] packet, LinkKind kind = LinkKind.Datagram) =>
        Open(from.Address, packet, kind);

    public string? Open(NodeAddress from, byte[] packet, LinkKind kind = LinkKind.Datagram)
    {
        Own.Clear();
        var isOpen = Envelope.TryOpen(packet, new Link(from, kind), Id, Now, out var opened, out var refused);
        while (Envelope.TryTakeOwn(out _, out var own))
        {
            Own.Add(own.ToArray());
        }

        Last = refused;
        if (!isOpen)
        {
            return null;
        }

        var reader = new WireReader(opened.Frames);
        while (Frame.TryRead(ref reader, out var protocol, out _, out var body))
        {
            if (protocol == 200)
            {
                return System.Text.Encoding.UTF8.GetString(body);
            }
        }

        return string.Empty;
    }

    /// <summary>Makes two nodes known to each other.</summary>
    public static void Meet(RecordEnd a, RecordEnd b)
    {
        Assert.Null(b.Open(a, a.Seal(b, "hello")));
        Assert.Null(a.Open(b, Assert.Single(b.Own)));
        Assert.Equal("hello", b.Open(a, Assert.Single(a.Own)));
        Assert.Equal("welcome", a.Open(b, b.Seal(a, "welcome")));
    }

    public static void Pass(TimeSpan span, params RecordEnd[] ends)
    {
        foreach (var end in ends)
        {
            end.Now += span;
        }
    }
}
