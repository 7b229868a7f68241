using System.Text;
using Hearsay.Protocols.Requests;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Requests;

/// <summary>Frames of requests, written by hand.</summary>
internal static class RequestFrames
{
    public static byte[] Ask(
        ulong conversation, ulong sequence, string name, string payload = "", ulong floor = 1,
        byte flags = RequestMessage.Opens, ulong milliseconds = 10_000)
    {
        var writer = new WireWriter(new byte[70_000]);
        writer.WriteUInt64(conversation);
        Varint.Write(ref writer, sequence);
        Varint.Write(ref writer, floor);
        writer.WriteByte(flags);
        Varint.Write(ref writer, milliseconds);
        var bytes = Encoding.UTF8.GetBytes(name);
        writer.WriteByte((byte)bytes.Length);
        writer.WriteBytes(bytes);
        writer.WriteBytes(Encoding.UTF8.GetBytes(payload));
        return writer.Written.ToArray();
    }

    public static byte[] Key(ulong conversation, ulong sequence)
    {
        var writer = new WireWriter(new byte[32]);
        writer.WriteUInt64(conversation);
        Varint.Write(ref writer, sequence);
        return writer.Written.ToArray();
    }
}
