using Hearsay.Protocols.Rumors;
using Hearsay.Protocols.Wire;
using static Hearsay.Protocols.Tests.Lone;

namespace Hearsay.Protocols.Tests.Rumors;

/// <summary>Frames of rumor mongering, written by hand.</summary>
internal static class RumorFrames
{
    public static byte[] Bodies(
        int sender, ulong nonce, byte flags, params (int Origin, uint Sequence, ushort Age, byte[] Text)[] rumors) =>
        Packet(Id(sender), RumorProtocol.FrameId, RumorMessage.Rumors, body =>
        {
            body.UInt64(nonce).Byte(flags).Byte((byte)rumors.Length);
            foreach (var (origin, sequence, age, text) in rumors)
            {
                body.Id(Id(origin)).UInt64(1).UInt16((int)(sequence >> 16)).UInt16((int)(sequence & 0xFFFF))
                    .UInt16(age).Byte(0).UInt16(text.Length).Raw(text);
            }
        });

    public static byte[] Pull(int sender, ulong nonce, byte flags = 0, int bytes = 100, params ulong[] keys) =>
        Packet(Id(sender), RumorProtocol.FrameId, RumorMessage.Pull, body =>
        {
            body.UInt64(nonce).Byte(flags).Byte((byte)keys.Length);
            foreach (var key in keys)
            {
                body.UInt64(key);
            }

            body.Zeros(Math.Max(0, bytes - 10 - (8 * keys.Length)));
        });

    public static byte[] Feedback(
        int sender, ulong nonce, byte flags = 0, int room = 0, params (ulong Key, byte Verdict)[] verdicts) =>
        Packet(Id(sender), RumorProtocol.FrameId, RumorMessage.Feedback, body =>
        {
            body.UInt64(nonce).Byte(flags).UInt16(room).Byte((byte)verdicts.Length);
            foreach (var (key, verdict) in verdicts)
            {
                body.UInt64(key).Byte(verdict);
            }
        });

    /// <summary>What a node sent of this protocol, newest last.</summary>
    public static List<(Link To, byte Type, byte[] Body, int PacketBytes)> SentRumors(this Lone node) =>
        [.. node.Sent.Select(sent => (sent.To, Frame: Swarm.FirstFrame(sent.Packet), sent.Packet.Length))
            .Where(sent => sent.Frame.Protocol == RumorProtocol.FrameId)
            .Select(sent => (sent.To, sent.Frame.Type, sent.Frame.Body, sent.Length))];

    public static ulong NonceOf(byte[] body) => new WireReader(body).ReadUInt64();
}
