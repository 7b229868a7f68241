using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// The refusal of a request, with the reason. It is shorter than any request. A node uses it only if it waits for an
/// answer to that request. Immutable.
/// <code>
///  nonce     8 bytes   of the request
///  reason    1 byte    <see cref="RefusalReason"/>
///  uptime    8 bytes   time for which the refusing node has run, in milliseconds
/// </code>
/// </summary>
/// <param name="Nonce">The nonce of the request.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Uptime">
/// The time for which the refusing node has run. Of two nodes with one id, the one that has run for longer keeps it.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ExchangeRefusal(ulong Nonce, RefusalReason Reason, TimeSpan Uptime)
{
    /// <summary>The length, in bytes.</summary>
    public const int SizeBytes = 17;

    private const ulong LongestMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond;

    /// <summary>Writes the refusal. If it does not fit, the writer fails.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt64(Nonce);
        writer.WriteByte((byte)Reason);
        writer.WriteUInt64((ulong)(Uptime.Ticks / TimeSpan.TicksPerMillisecond));
    }

    /// <summary>
    /// Reads a refusal. If it is cut off, the reader fails. An impossibly long uptime is reduced to the maximum.
    /// </summary>
    public static ExchangeRefusal Read(ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        var reason = (RefusalReason)reader.ReadByte();
        var milliseconds = Math.Min(reader.ReadUInt64(), LongestMilliseconds);
        return new ExchangeRefusal(nonce, reason, new TimeSpan((long)milliseconds * TimeSpan.TicksPerMillisecond));
    }
}
