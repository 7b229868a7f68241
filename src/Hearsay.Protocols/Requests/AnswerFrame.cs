using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Requests;

/// <summary>Writes what a responder says of a request. See <see cref="RequestMessage"/>.</summary>
internal static class AnswerFrame
{
    /// <summary>Sends how a request ended.</summary>
    public static void Send(
        IProtocolContext context, in Peer to, in RequestKey key, RequestStatus status, TimeSpan held,
        ReadOnlySpan<byte> payload)
    {
        using var buffer = new FrameBuffer(RequestMessage.MostHeadBytes + payload.Length);
        var writer = new WireWriter(buffer.Span);
        WriteHead(ref writer, key);
        writer.WriteByte((byte)status);
        Varint.Write(ref writer, Microseconds(held));
        writer.WriteBytes(payload);
        context.Send(to, RequestMessage.Answer, writer.Written);
    }

    /// <summary>Sends that a handler works on it.</summary>
    public static void SendWorking(IProtocolContext context, in Peer to, in RequestKey key, TimeSpan held)
    {
        var writer = new WireWriter(stackalloc byte[8 + (2 * Varint.MostBytes)]);
        WriteHead(ref writer, key);
        Varint.Write(ref writer, Microseconds(held));
        context.Send(to, RequestMessage.Working, writer.Written);
    }

    private static void WriteHead(ref WireWriter writer, in RequestKey key)
    {
        writer.WriteUInt64(key.Conversation);
        Varint.Write(ref writer, key.Sequence);
    }

    private static ulong Microseconds(TimeSpan time) => (ulong)Math.Max(0, time.Ticks / TimeSpan.TicksPerMicrosecond);
}
