using System.Buffers.Binary;

namespace Hearsay.Protocols.Broadcast.Tree;

/// <summary>
/// The body of a credit frame: a question what has come, an answer to one, or both. All have one length, so that no
/// answer is longer than its question.
/// </summary>
internal readonly record struct CreditReport(
    byte Flags, uint Sent, uint Stamp, uint Asked, uint AskedStamp, uint Arrived)
{
    /// <summary>A flag: the receiver is to say what came of the messages up to <see cref="Sent"/>.</summary>
    public const byte Asks = 1;

    /// <summary>
    /// A flag: of the messages up to <see cref="Asked"/>, <see cref="Arrived"/> had come when that was asked.
    /// </summary>
    public const byte Answers = 2;

    /// <summary>A flag: what came over the link piles up at its receiver, whose other neighbours take less.</summary>
    public const byte PilesUp = 4;

    public const int SizeBytes = 21;

    /// <summary>0.1 ms.</summary>
    private const long StampUnit = TimeSpan.TicksPerMillisecond / 10;

    /// <summary>A moment as its sender writes it; only the sender reads it again.</summary>
    public static uint StampAt(Instant now) => (uint)(now.Ticks / StampUnit);

    /// <summary>How long ago a question was asked that is answered now.</summary>
    public TimeSpan Delay(Instant now) => TimeSpan.FromTicks((StampAt(now) - AskedStamp) * StampUnit);

    public static bool TryRead(ReadOnlySpan<byte> body, out CreditReport report)
    {
        report = default;
        if (body.Length < SizeBytes)
        {
            return false;
        }

        report = new CreditReport(
            body[0], At(body, 0), At(body, 1), At(body, 2), At(body, 3), At(body, 4));
        return true;
    }

    public void Write(Span<byte> body)
    {
        var writer = new WireWriter(body);
        writer.WriteByte(Flags);
        writer.WriteUInt32(Sent);
        writer.WriteUInt32(Stamp);
        writer.WriteUInt32(Asked);
        writer.WriteUInt32(AskedStamp);
        writer.WriteUInt32(Arrived);
    }

    private static uint At(ReadOnlySpan<byte> body, int field) =>
        BinaryPrimitives.ReadUInt32BigEndian(body[(1 + (4 * field))..]);
}
