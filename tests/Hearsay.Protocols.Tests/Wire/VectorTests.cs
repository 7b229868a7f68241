using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Tests.Node.Guard;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Wire;

/// <summary>The packets printed in docs/wire-format.md, byte for byte.</summary>
public sealed partial class VectorTests
{
    private static readonly NodeId _sender = new(0x1011_1213_1415_1617, 0x1819_1A1B_1C1D_1E1F);
    private static readonly NodeId _receiver = new(0x2021_2223_2425_2627, 0x2829_2A2B_2C2D_2E2F);
    private static readonly NodeId _third = new(0x3031_3233_3435_3637, 0x3839_3A3B_3C3D_3E3F);

    private static readonly Lone.Entry _own = new(
        _sender, 3, 0, new NodeAddresses(NodeAddress.FromIPv4(0xC000_0201, 7946)), MetadataPresence.Included, [0xCA,
            0xFE]);

    private static readonly Lone.Entry _other = new(
        _third, 1, 9,
        new NodeAddresses(
            NodeAddress.FromIPv4(0xC000_0203, 7946), NodeAddress.FromIPv6(0x2001_0DB8_0000_0000, 3, 7946)),
        MetadataPresence.Omitted);

    private static readonly Lone.Entry _bare = _own with { Presence = MetadataPresence.Omitted, Metadata = null };

    private const ulong Number = 0x0102_0304_0506_0708;
    private const ulong OwnNumber = 0x1112_1314_1516_1718;

    private const string OnConnection = "leave-on-a-connection";

    private static readonly Dictionary<string, byte[]> _packets = new()
    {
        ["challenge"] = Lone.Packet(_sender, Frame.Node, Frame.Challenge, b => b.UInt64(Number)),
        ["echo"] = Lone.Packet(_sender, Frame.Node, Frame.Echo, b => b.UInt64(Number)),
        ["echo-and-challenge"] = Node.Guard.WholeNodes.Packet(
            _sender, (Frame.Node, Frame.Echo, Bytes(Number)), (Frame.Node, Frame.Challenge, Bytes(OwnNumber))),
        ["piece"] = Lone.Packet(_sender, Frame.Node, Frame.Piece, b => b
            .UInt64(Number).Byte(1).Byte(1).Byte(3).Raw([0xCA, 0xFE]), padTo: 53),
        ["piece-receipt"] = Lone.Packet(_sender, Frame.Node, Frame.PieceReceipt, b => b
            .UInt64(Number).UInt64(3).Byte(3)),
        ["request"] = Lone.Packet(_sender, SamplingMessage.Request, b => b
            .UInt64(0x0102_0304_0506_0708).Id(_receiver).Byte(3).Byte(2).Entries(_own, _other), padTo: 220),
        ["reply"] = Lone.Packet(_sender, SamplingMessage.Reply, b => b
            .UInt64(0x0102_0304_0506_0708).Byte(0).UInt64(0).UInt64(0xFFFF_C000_0202).UInt16(7946)
            .Byte(2).Entries(_own, _other)),
        ["leave"] = Lone.Packet(_sender, SamplingMessage.Leave, b => b.UInt64(3)),
        ["metadata-request"] = Lone.Packet(_sender, SamplingMessage.MetadataRequest, b => b
            .UInt64(0x0102_0304_0506_0708).Id(_receiver), padTo: 310),
        ["metadata"] = Lone.Packet(_sender, SamplingMessage.Metadata, b => b
            .UInt64(0x0102_0304_0506_0708).UInt64(3).UInt16(2).Raw([0xCA, 0xFE])),
        ["walk"] = Lone.Packet(_sender, SamplingMessage.Walk, b => b.Byte(4).Entries(_bare), padTo: 89),
        ["gift"] = Lone.Packet(_sender, SamplingMessage.Gift, b => b.Entries(_other)),
        ["refusal"] = Lone.Packet(_sender, SamplingMessage.Refusal, b => b
            .UInt64(0x0102_0304_0506_0708).Byte((byte)RefusalReason.OtherCluster).UInt64(86_400_000)),
    };

    public static TheoryData<string> Names => [.. _packets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bytes_in_the_documentation_are_what_the_code_writes(string name) =>
        Assert.Equal(Convert.ToHexStringLower(_packets[name]), Convert.ToHexStringLower(Documented()[name]));

    [Fact]
    public void Every_documented_packet_is_replayed_here() =>
        Assert.Equal(_packets.Keys.Append(OnConnection).Order(), Documented().Keys.Order());

    /// <summary>The transport cuts it out: FrameBufferTests.</summary>
    [Fact]
    public void On_a_connection_the_length_of_a_packet_precedes_it() =>
        Assert.Equal([0, 0, 0, (byte)_packets["leave"].Length, .. _packets["leave"]], Documented()[OnConnection]);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_node_accepts_every_one_of_them(string name)
    {
        var isCyclon = name is "walk" or "gift";
        var sender = NodeAddress.FromIPv4(0xC000_0201, 7946);
        var node = new Lone(
            isCyclon ? PeerSamplingOptions.Cyclon : PeerSamplingOptions.Recommended,
            o => o with
            {
                Self = new SelfDescription(_receiver, 1, Lone.AddressesOf(0), []),
                VouchedAddresses = name.StartsWith("piece", StringComparison.Ordinal) ? [sender] : o.VouchedAddresses,
            });
        var from = new Link(sender, LinkKind.Datagram);
        if (name == "leave")
        {
            node.Receive(from, Documented()["request"]);
            Assert.Contains(node.Core.View.Copy(), p => p.Id == _sender);
        }

        if (name == "gift")
        {
            // Only a node that joins has gifts to expect.
            node.Core.Contact(node.Now, [Lone.At(5)]);
        }

        node.Receive(from, Documented()[name]);

        // Nobody asked for the answers, which is the one thing that is wrong with them.
        var unsolicited = name is "reply" or "metadata" or "refusal";
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            var expected = unsolicited && reason == DropReason.Unsolicited ? 1 : 0;
            Assert.Equal(expected, node.Core.Counters.Dropped(reason));
        }

        var view = node.Core.View.Copy();
        Assert.Equal(name is "request" or "walk", view.Any(p => p.Id == _sender));
        Assert.Equal(name is "request" or "gift" or "leave", view.Any(p => p.Id == _third));
    }

    [Theory]
    [InlineData(false, "echo")]
    [InlineData(true, "echo-and-challenge")]
    public void A_node_sends_the_number_of_a_challenge_back_in_the_documented_bytes(bool mustProve, string name)
    {
        var protocol = new Node.Guard.AsksForProof();
        var node = new Lone(configure: o => o with
        {
            Self = new SelfDescription(_sender, 3, Lone.AddressesOf(0), []), Protocols = [protocol],
            VouchedAddresses = [],
        });
        var link = new Link(Lone.At(77), LinkKind.Datagram);
        (byte, byte, byte[])[] frames = [(Frame.Node, Frame.Challenge, Bytes(Number)), (protocol.Id, 1, new byte[8])];
        node.Receive(link, Node.Guard.WholeNodes.Packet(_receiver, mustProve ? frames : frames[..1]));
        var (to, packet, _) = Assert.Single(node.Sent);
        Assert.Equal(link, to);

        // Its own number is chance.
        var documented = Documented()[name];
        if (mustProve)
        {
            packet.AsSpan(^8..).CopyTo(documented.AsSpan(^8..));
            Envelope.Seal(documented, Envelope.LabelOf("default"), _sender);
        }

        Assert.Equal(Convert.ToHexStringLower(documented), Convert.ToHexStringLower(packet));
        Assert.Equal(mustProve, protocol.Asked == link.Address);
        if (mustProve)
        {
            node.Receive(link, Node.Guard.WholeNodes.Packet(_receiver, (Frame.Node, Frame.Echo, packet[^8..])));
            Assert.Equal(link.Address, protocol.Proven);
        }
    }

    [Fact]
    public void A_look_is_the_documented_challenge_with_another_number()
    {
        var node = new Lone(configure: o => o with
        {
            Self = new SelfDescription(_sender, 3, Lone.AddressesOf(0), []),
            Protocols = [new Node.Guard.AsksForProof()], VouchedAddresses = [],
        });

        // Without a challenge there is nothing to answer, so the proof is asked for right afterwards.
        node.Receive(new Link(Lone.At(77), LinkKind.Datagram), Node.Guard.WholeNodes.Packet(_receiver, (200, 1, [])));
        node.Advance(TimeSpan.FromMilliseconds(1));
        var look = Assert.Single(node.Sent, sent => sent.To.Address == Lone.At(77)).Packet;
        var documented = Documented()["challenge"];
        look.AsSpan(^8..).CopyTo(documented.AsSpan(^8..));
        Envelope.Seal(documented, Envelope.LabelOf("default"), _sender);
        Assert.Equal(Convert.ToHexStringLower(documented), Convert.ToHexStringLower(look));
    }

    [Fact]
    public void The_request_decodes_to_what_the_page_says()
    {
        var body = Swarm.FirstFrame(Documented()["request"]).Body;
        var reader = new WireReader(body);
        var head = ExchangeRequest.Read(ref reader);
        Assert.Equal(
            new ExchangeRequest(0x0102_0304_0506_0708, _receiver, ExchangeMode.Push | ExchangeMode.Pull, 2), head);
        Assert.True(Descriptor.TryRead(ref reader, out var own));
        Assert.Equal((_sender, 3ul, (ushort)0, _own.Addresses), (own.Id, own.Incarnation, own.AgeCycles,
            own.Addresses));
        Assert.Equal([0xCA, 0xFE], own.Metadata.ToArray());
        Assert.True(Descriptor.TryRead(ref reader, out var other));
        Assert.Equal((_third, 1ul, (ushort)9, _other.Addresses),
            (other.Id, other.Incarnation, other.AgeCycles, other.Addresses));
        Assert.Equal(MetadataPresence.Omitted, other.Presence);
        Assert.True(reader.Rest.IsEmpty);
    }

    [Fact]
    public void The_reply_decodes_to_what_the_page_says()
    {
        var reader = new WireReader(Swarm.FirstFrame(Documented()["reply"]).Body);
        var head = ExchangeReply.Read(ref reader);
        var seen = NodeAddress.FromIPv4(0xC000_0202, 7946);
        Assert.Equal(new ExchangeReply(0x0102_0304_0506_0708, false, seen, 2), head);

        var writer = new WireWriter(new byte[ExchangeReply.SizeBytes]);
        head.Write(ref writer);
        Assert.Equal(Swarm.FirstFrame(Documented()["reply"]).Body[..28], writer.Written.ToArray());
    }

    [GeneratedRegex(@"```hex ([a-z-]+)\n([0-9a-f\s]+)```")]
    private static partial Regex Block();

    private static byte[] Bytes(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    private static Dictionary<string, byte[]> Documented()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This is not run inside the repository.");
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "wire-format.md"));
        return Block().Matches(page).ToDictionary(
            m => m.Groups[1].Value, m => Convert.FromHexString(string.Concat(m.Groups[2].Value.Split())));
    }
}
