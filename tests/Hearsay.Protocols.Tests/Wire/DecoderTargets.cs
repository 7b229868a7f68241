using System.Buffers.Binary;
using System.Text;
using Hearsay.Features.Maps.Storage;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Tests.Node.Guard;
using Hearsay.Protocols.Wire;
using Hearsay.Security;
using Hearsay.Tests;
using OpenPacket = Hearsay.Protocols.Wire.Envelope;

namespace Hearsay.Protocols.Tests.Wire;

/// <summary>The decoders of what comes from elsewhere: packets, frames, keyrings, records of a store.</summary>
internal static class DecoderTargets
{
    private const ulong Time = 1_800_000_000;

    /// <summary>The checksum of claims, so that changed ones get past it.</summary>
    private static readonly KeyedHash _checksum = new(0x4865_6172, 0x7361_7921);

    /// <summary>All of them. They keep state: make new ones for every run.</summary>
    public static IReadOnlyList<DecoderTarget> All()
    {
        var nodes = new WholeNodes(8) { Asks = true };
        nodes.Run(15);
        return
        [
            Records(), OpenPackets(nodes), Frames(nodes), Keyrings(), KeyringTexts(), OperatorKeys(), Claims(nodes),
            Rows(nodes), SecurityDecoders.RecordsInside(), SecurityDecoders.Handshakes(),
            SecurityDecoders.HandshakesInside(), SecurityDecoders.Tokens(), SecurityDecoders.Revocations(),
            SecurityDecoders.KeyTexts(), SecurityDecoders.IdentityFiles(),
        ];
    }

    /// <summary>Records: of what is changed nothing is opened, and nobody is asked anything.</summary>
    private static DecoderTarget Records()
    {
        var security = SeededCipher.Security(9);
        var label = OpenPacket.LabelOf("default");
        var (sender, receiver) = (new RecordEnvelope(security, label), new RecordEnvelope(security, label));
        var (a, b) = (new NodeId(1, 1), new NodeId(2, 2));
        var (now, kinds) = (new Instant(TimeSpan.TicksPerHour), new[] { LinkKind.Datagram, LinkKind.Stream });
        var seeds = new List<byte[]>();
        for (var i = 0; i < 40; i++)
        {
            var writer = new WireWriter(new byte[NodeEnvelope.LongestDatagramBytes]);
            writer.WriteZeros(RecordFormat.HeadBytes);
            NodeEnvelope.Address(writer.Written, i % 4 == 0 ? NodeId.None : b);
            writer.WriteZeros(i * 20);
            var to = new Link(NodeAddress.FromIPv4(0x0A00_0002, 7000), kinds[i % 2]);
            seeds.Add(sender.Seal(writer.Written, to, a, now).ToArray());
        }

        var known = seeds.Select(Convert.ToHexString).ToHashSet();
        return new DecoderTarget("record", seeds, input =>
        {
            var kind = kinds[input.Length % 2];
            var from = new Link(NodeAddress.FromIPv4(0x0A00_0001, 7000), kind);
            var isOpen = receiver.TryOpen(input, from, b, now, out _, out var refused);
            while (receiver.TryTakeOwn(out _, out _))
            {
            }

            return (isOpen || refused is DropReason.None or DropReason.Challenged)
                && !known.Contains(Convert.ToHexString(input)) ? $"a changed record is {refused}" : null;
        });
    }

    /// <summary>Packets of mode open as they come, checksum and all.</summary>
    private static DecoderTarget OpenPackets(WholeNodes nodes)
    {
        byte[][] seeds = [.. nodes.Sent.Where(one => one.To.Kind == LinkKind.Datagram).TakeLast(400)
            .Select(one => one.Packet)];
        return OfNodes("open packet", nodes, seeds, (input, from) => input.ToArray());
    }

    /// <summary>Frames of all protocols, as if nothing had changed them on the way from a member.</summary>
    private static DecoderTarget Frames(WholeNodes nodes)
    {
        // As many of each type: most packets are of few types.
        byte[][] seeds = [.. nodes.Sent.SelectMany(one => one.Frames()).GroupBy(one => (one.Protocol, one.Type))
            .SelectMany(group => group.TakeLast(20)).Select(Whole).Where(frame => frame.Length <= 1100)];
        return OfNodes("frames", nodes, seeds, (input, from) =>
        {
            var packet = new byte[OpenPacket.SizeBytes + Math.Min(input.Length, OpenPacket.DatagramRoomBytes)];
            input[..(packet.Length - OpenPacket.SizeBytes)].CopyTo(packet.AsSpan(OpenPacket.SizeBytes));
            OpenPacket.Seal(packet, OpenPacket.LabelOf("default"), from.Core.Self.Id);
            return packet;
        });
    }

    private static DecoderTarget OfNodes(
        string name, WholeNodes nodes, byte[][] seeds, Func<byte[], Hearsay.Simulation.VirtualNode, byte[]> toPacket)
    {
        var count = 0;
        return new DecoderTarget(name, seeds, input =>
        {
            count++;
            var node = nodes.Members[count % nodes.Members.Count].Node;
            var from = nodes.Members[(count + 1 + (count / 64)) % nodes.Members.Count].Node;
            var faults = node.Core.Counters.ProtocolFaults;
            nodes.Inject(node, from.Address, toPacket(input.ToArray(), from));
            if (count % 512 == 0)
            {
                nodes.Sent.Clear();
                nodes.Run(1, isBusy: false);
                node.Core.AssertInvariants();
            }

            return node.Core.Counters.ProtocolFaults != faults ? $"a handler of node {node.Index} threw" : null;
        }, LeastBytes: 8 << 20);
    }

    /// <summary>Rings from other nodes: nothing is taken that the operator has not signed.</summary>
    private static DecoderTarget Keyrings()
    {
        var signer = OperatorKey.Make();
        var first = Keyring.Make(signer, Time);
        var (rings, seeds) = (new List<Keyring> { first }, new List<byte[]>());
        for (var i = 0; i < 8; i++)
        {
            rings.Add(rings[^1].Rotate(signer, Time + (ulong)i, TimeSpan.FromDays(30)));
            var body = new byte[SignedKeyring.MaximumBytes];
            seeds.Add(body[..NodeKeyring.Write(rings[^1], body)]);
        }

        var signed = rings.SelectMany(ring => ring.Keys).ToList();
        var node = new NodeKeyring(first, "default", new SodiumCipher(), () => Time);
        return new DecoderTarget("keyring", seeds, input =>
        {
            var merge = node.Merge(input);
            var isSigned = node.Current.Keys.All(key => signed.Exists(key.IsSameAs));
            node = merge.HasNews ? new NodeKeyring(first, "default", new SodiumCipher(), () => Time) : node;
            return isSigned ? null : "a key was taken that nobody has signed";
        });
    }

    private static DecoderTarget KeyringTexts()
    {
        var signer = OperatorKey.Make();
        Keyring[] rings =
        [
            Keyring.Make(), Keyring.Make(signer, Time),
            Keyring.Make(signer, Time).Rotate(signer, Time, TimeSpan.FromDays(1)),
        ];
        byte[][] seeds = [.. rings.Select(ring => Encoding.UTF8.GetBytes(ring.ToText()))];
        return new DecoderTarget("keyring text", seeds, input =>
            Keyring.TryParse(Encoding.UTF8.GetString(input), out var ring, out _)
            && !(Keyring.TryParse(ring!.ToText(), out var again, out _) && again!.Digest == ring.Digest)
                ? "what was read is not read again" : null);
    }

    private static DecoderTarget OperatorKeys() => new(
        "operator key", [Encoding.UTF8.GetBytes(OperatorKey.Make().ToText())],
        input => OperatorKey.TryParse(Encoding.UTF8.GetString(input), out var key, out _) && key is null
            ? "no key was read" : null);

    /// <summary>Claims of a replica in a store, with a checksum that holds.</summary>
    private static DecoderTarget Claims(WholeNodes nodes)
    {
        byte[][] seeds =
            [.. nodes.Members.Select(member => RecordCodec.ToBytes(member.Stores.Of("map").Claims, 3, 2))];
        return new DecoderTarget("claims of a map", seeds, input =>
        {
            var bytes = input.ToArray();
            if (bytes.Length >= sizeof(ulong))
            {
                var length = bytes.Length - sizeof(ulong);
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(length), _checksum.Of(bytes.AsSpan(0, length)));
            }

            return RecordCodec.TryRead(bytes, out var claims, out var first, out var count)
                && !RecordCodec.TryRead(RecordCodec.ToBytes(claims, first, count), out _, out _, out _)
                    ? "what was read is not read again" : null;
        });
    }

    /// <summary>Rows and removals of a replica in a store.</summary>
    private static DecoderTarget Rows(WholeNodes nodes)
    {
        byte[][] seeds = [.. nodes.Members.SelectMany(member => member.Stores.Of("map").Rows)
            .Select(row => (byte[])[(byte)RecordCodec.KeyOf(row.Key).Length, .. RecordCodec.KeyOf(row.Key),
                .. RecordCodec.ToBytes(row.Value.Key, row.Value.Value)])];
        return new DecoderTarget("row of a map", seeds, input =>
        {
            var bytes = input.ToArray();
            var split = Math.Min(bytes.Length, bytes.Length > 0 ? 1 + bytes[0] : 0);
            var record = new MapRecord(bytes.AsMemory(Math.Min(1, split)..split), bytes.AsMemory(split));
            _ = RecordCodec.TryReadRemoval(record, out _, out _);
            return RecordCodec.TryReadRow(record, out var row, out var digest)
                && !RecordCodec.ToBytes(row, digest).AsSpan().SequenceEqual(
                    record.Value.Span[..RecordCodec.ToBytes(row, digest).Length])
                    && RowCodec.BytesOfContent(row) > record.Value.Length - 16
                    ? "a row is longer than what was read" : null;
        });
    }

    private static byte[] Whole((byte Protocol, byte Type, byte[] Body) frame) =>
        [frame.Protocol, frame.Type, (byte)(frame.Body.Length >> 8), (byte)frame.Body.Length, .. frame.Body];
}
