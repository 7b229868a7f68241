using System.Buffers.Binary;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Tests.Node.Guard;
using Hearsay.Protocols.Tests.Wire;
using Hearsay.Protocols.Wire;
using OpenPacket = Hearsay.Protocols.Wire.Envelope;

namespace Hearsay.Afl;

/// <summary>
/// What the campaign fuzzes. Where a target has several decoders, the first byte of an input says which of them reads
/// it: one execution is one decoder.
/// </summary>
internal static class Targets
{
    private static readonly string[] s_map = ["claims of a map", "row of a map"];
    private static readonly string[] s_keyring = ["keyring", "keyring text", "operator key"];
    private static readonly string[] s_record = ["record", "records inside"];
    private static readonly string[] s_handshake = ["handshake", "handshakes inside"];
    private static readonly string[] s_token = ["token", "revocation", "key text", "identity file"];

    public static IReadOnlyList<string> Names { get; } =
        ["record", "envelope", "frames", "handshake", "token", "keyring", "map"];

    public static DecoderTarget Make(string name) => name switch
    {
        "envelope" => Envelopes(),
        "frames" => NodeFrames.Make(),
        "record" => OneOf(name, s_record),
        "handshake" => OneOf(name, s_handshake),
        "token" => OneOf(name, s_token),
        "keyring" => OneOf(name, s_keyring),
        "map" => OneOf(name, s_map),
        _ => throw new ArgumentException($"There is no target '{name}', but {string.Join(", ", Names)}."),
    };

    private static DecoderTarget OneOf(string name, string[] decoders)
    {
        var all = DecoderTargets.All();
        DecoderTarget[] targets = [.. decoders.Select(decoder => all.Single(target => target.Name == decoder))];
        byte[][] seeds = [.. targets.SelectMany((target, number) => target.Seeds.Where(seed => seed.Length < 4000)
            .DistinctBy(seed => (seed.Length, seed.Length > 100 ? seed[^1] : seed.GetHashCode())).Take(40)
            .Select(seed => (byte[])[(byte)number, .. seed]))];
        return new DecoderTarget(
            name, seeds, input => input.IsEmpty ? null : targets[input[0] % targets.Length].Try(input[1..]),
            targets.Max(target => target.LeastBytes));
    }

    /// <summary>The envelope and the frames in it: as it comes, or with a checksum that holds.</summary>
    private static DecoderTarget Envelopes()
    {
        var nodes = new WholeNodes(4);
        nodes.Run(8);
        byte[][] seeds = [.. nodes.Sent.Select(one => one.Packet).Where(packet => packet.Length <= 600)
            .DistinctBy(packet => packet.Length / 8).Take(40)
            .SelectMany(packet => new byte[][] { [0, .. packet], [1, .. packet] })];
        var envelope = new OpenEnvelope(OpenPacket.LabelOf("default"));
        var (room, from) = (new byte[OpenPacket.MaximumStreamBytes], new Link(default, LinkKind.Datagram));
        return new DecoderTarget("envelope", seeds, input =>
        {
            if (input.IsEmpty || input.Length > room.Length)
            {
                return null;
            }

            var packet = room.AsSpan(0, input.Length - 1);
            input[1..].CopyTo(packet);
            if ((input[0] & 1) != 0 && packet.Length >= OpenPacket.SizeBytes)
            {
                Repair(packet);
            }

            return envelope.TryOpen(packet, from, new NodeId(1, 1), default, out var opened, out var refused)
                ? Read(opened.Frames) : refused == DropReason.None ? "it is refused for no reason" : null;
        });
    }

    private static void Repair(Span<byte> packet)
    {
        var crc = Crc32C.Append(uint.MaxValue, packet[..28]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[28..], ~Crc32C.Append(crc, packet[OpenPacket.SizeBytes..]));
    }

    private static string? Read(ReadOnlySpan<byte> frames)
    {
        var bytes = 0;
        var reader = new WireReader(frames);
        while (Frame.TryRead(ref reader, out _, out _, out var body))
        {
            bytes += Frame.HeaderBytes + body.Length;
        }

        return bytes > frames.Length ? "there is more in the frames than in the packet" : null;
    }
}
