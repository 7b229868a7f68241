using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>
/// Dots and paths on the wire.
/// <code>
/// dot    node 16, number of the epoch 8, sequence varint
/// path   length varint, its bytes
/// </code>
/// </summary>
internal static class DotCodec
{
    /// <summary>The bytes of the shortest dot.</summary>
    public const int LeastBytes = EpochId.SizeBytes + 1;

    /// <summary>Writes a dot.</summary>
    public static void Write(ref WireWriter writer, Dot dot)
    {
        writer.WriteNodeId(dot.Epoch.Node);
        writer.WriteUInt64(dot.Epoch.Number);
        Varint.Write(ref writer, dot.Sequence);
    }

    /// <summary>Reads a dot; false if it is cut short or names nothing.</summary>
    public static bool TryRead(ref WireReader reader, out Dot dot)
    {
        var epoch = new EpochId(reader.ReadNodeId(), reader.ReadUInt64());
        var ok = Varint.TryRead(ref reader, out var sequence);
        dot = new Dot(epoch, sequence);
        return ok && sequence != 0 && !epoch.Node.IsNone;
    }

    /// <summary>How many bytes a dot takes.</summary>
    public static int BytesOf(Dot dot) => EpochId.SizeBytes + Varint.BytesOf(dot.Sequence);

    /// <summary>Writes a path.</summary>
    public static void Write(ref WireWriter writer, RowPath path)
    {
        Varint.Write(ref writer, (ulong)path.Bytes.Length);
        writer.WriteBytes(path.Bytes);
    }

    /// <summary>Reads a path; false if it is cut short, too long or none.</summary>
    public static bool TryRead(ref WireReader reader, out RowPath path)
    {
        path = default;
        return Varint.TryRead(ref reader, out var length) && length <= ContextCodec.MostPathBytes
            && length <= (ulong)reader.Rest.Length && RowPath.TryCreate(reader.ReadBytes((int)length), out path);
    }

    /// <summary>How many bytes a path takes.</summary>
    public static int BytesOf(RowPath path) => Varint.BytesOf((ulong)path.Bytes.Length) + path.Bytes.Length;

    /// <summary>
    /// Reads how many of something follow; false if that is above a bound, or more than the rest could hold.
    /// </summary>
    /// <param name="reader">Stands at the count.</param>
    /// <param name="leastBytes">The bytes of the shortest one.</param>
    /// <param name="most">The bound.</param>
    /// <param name="count">How many follow.</param>
    public static bool TryReadCount(ref WireReader reader, int leastBytes, int most, out int count)
    {
        var ok = Varint.TryRead(ref reader, out var read) && read <= (ulong)most
            && read * (ulong)leastBytes <= (ulong)reader.Rest.Length;
        count = ok ? (int)read : 0;
        return ok;
    }
}
