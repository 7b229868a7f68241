using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>
/// Says what a replica has in a few bytes; it rides on an exchange that takes place anyway. Where both root and context
/// are equal there is nothing to do.
/// <code>
/// heartbeat   root 16, hash of the context 16, rows varint, flags 1 (1 trusted, 2 the sender knows mode 5)
/// </code>
/// </summary>
/// <param name="Root">The sum of the digests of all rows.</param>
/// <param name="ContextHash">The hash of the context in its one form.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="IsTrusted">Whether the context was proven.</param>
/// <param name="KnowsBrief">Whether the sender answers <see cref="Exchange.PullMode.Brief"/>.</param>
internal readonly record struct Heartbeat(
    UInt128 Root, UInt128 ContextHash, ulong Rows, bool IsTrusted, bool KnowsBrief = true)
{
    /// <summary>The bytes of the longest one.</summary>
    public const int MostBytes = 16 + 16 + Varint.MostBytes + 1;

    private const byte TrustedFlag = 1;
    private const byte BriefFlag = 2;

    /// <summary>Whether two replicas have the same rows and have seen the same events.</summary>
    public bool IsSameAs(in Heartbeat other) => Root == other.Root && ContextHash == other.ContextHash;

    /// <summary>Writes it.</summary>
    public void Write(ref WireWriter writer)
    {
        WriteWide(ref writer, Root);
        WriteWide(ref writer, ContextHash);
        Varint.Write(ref writer, Rows);
        writer.WriteByte((byte)((IsTrusted ? TrustedFlag : 0) | (KnowsBrief ? BriefFlag : 0)));
    }

    /// <summary>Reads one; false if it is cut short or malformed. Unknown flags are ignored.</summary>
    public static bool TryRead(ref WireReader reader, out Heartbeat heartbeat)
    {
        var (root, context) = (ReadWide(ref reader), ReadWide(ref reader));
        var ok = Varint.TryRead(ref reader, out var rows);
        var flags = reader.ReadByte();
        heartbeat = new Heartbeat(root, context, rows, (flags & TrustedFlag) != 0, (flags & BriefFlag) != 0);
        return ok && !reader.Failed;
    }

    private static void WriteWide(ref WireWriter writer, UInt128 value)
    {
        writer.WriteUInt64((ulong)(value >> 64));
        writer.WriteUInt64((ulong)value);
    }

    private static UInt128 ReadWide(ref WireReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());
}
