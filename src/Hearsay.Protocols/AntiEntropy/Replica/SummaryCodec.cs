using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>
/// What a replica says of itself at the start of an exchange, on the wire.
/// <code>
/// summary  root 16, rows varint, flags 1 (1 trusted), context
/// </code>
/// </summary>
internal static class SummaryCodec
{
    private const byte TrustedFlag = 1;

    /// <summary>Writes a summary.</summary>
    public static void Write(ref WireWriter writer, ReplicaSummary summary)
    {
        writer.WriteUInt64((ulong)(summary.Root >> 64));
        writer.WriteUInt64((ulong)summary.Root);
        Varint.Write(ref writer, (ulong)summary.Rows);
        writer.WriteByte(summary.IsTrusted ? TrustedFlag : (byte)0);
        ContextCodec.Write(ref writer, summary.Context);
    }

    /// <summary>Reads a summary; false if it is cut short or malformed.</summary>
    /// <param name="reader">Stands at it.</param>
    /// <param name="node">Who sent it.</param>
    /// <param name="summary">What it says.</param>
    /// <param name="mostEntries">How much its context may have to say.</param>
    public static bool TryRead(
        ref WireReader reader, NodeId node, out ReplicaSummary summary, int mostEntries = int.MaxValue)
    {
        summary = null!;
        var root = new UInt128(reader.ReadUInt64(), reader.ReadUInt64());
        if (!Varint.TryRead(ref reader, out var rows) || rows > int.MaxValue)
        {
            return false;
        }

        var flags = reader.ReadByte();
        if (reader.Failed || !ContextCodec.TryRead(ref reader, out var context, mostEntries))
        {
            return false;
        }

        summary = new ReplicaSummary(node, context, (flags & TrustedFlag) != 0, root, (int)rows);
        return true;
    }
}
