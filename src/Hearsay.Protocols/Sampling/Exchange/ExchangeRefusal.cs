using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>
/// Says why a request is not answered. Shorter than any request, and believed only by who waits for an answer to it.
/// <code>
///  nonce     8 bytes   of the request
///  reason    1 byte    <see cref="RefusalReason"/>
///  uptime    8 bytes   for how long the node asked has run, in milliseconds
/// </code>
/// </summary>
/// <param name="Nonce">Of the request.</param>
/// <param name="Reason">Why.</param>
/// <param name="Uptime">For how long the node asked has run: of two nodes with one id the older keeps it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExchangeRefusal(ulong Nonce, RefusalReason Reason, TimeSpan Uptime)
{
    /// <summary>Its bytes.</summary>
    public const int SizeBytes = 17;

    private const ulong LongestMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond;

    /// <summary>Writes it.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt64(Nonce);
        writer.WriteByte((byte)Reason);
        writer.WriteUInt64((ulong)(Uptime.Ticks / TimeSpan.TicksPerMillisecond));
    }

    /// <summary>Reads it; whether that worked is in the reader. A longer time than can be is cut.</summary>
    public static ExchangeRefusal Read(ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        var reason = (RefusalReason)reader.ReadByte();
        var milliseconds = Math.Min(reader.ReadUInt64(), LongestMilliseconds);
        return new ExchangeRefusal(nonce, reason, new TimeSpan((long)milliseconds * TimeSpan.TicksPerMillisecond));
    }
}
