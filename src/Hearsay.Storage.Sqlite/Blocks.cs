namespace Hearsay.Storage.Sqlite;

/// <summary>
/// Copies of many short byte strings, of which many share one array: a collection of the runtime has less to look at.
/// </summary>
/// <remarks>An array lives as long as one of its strings, so it is small. Not thread safe.</remarks>
internal sealed class Blocks
{
    /// <summary>The bytes of an array.</summary>
    public const int BlockBytes = 8_192;

    /// <summary>Longer strings have an array of their own.</summary>
    private const int ShortBytes = 512;

    private byte[] _block = [];
    private int _used;

    /// <summary>A copy of some bytes.</summary>
    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ShortBytes)
        {
            return bytes.ToArray();
        }

        if (bytes.Length > _block.Length - _used)
        {
            (_block, _used) = (new byte[BlockBytes], 0);
        }

        var copy = _block.AsMemory(_used, bytes.Length);
        bytes.CopyTo(copy.Span);
        _used += bytes.Length;
        return copy;
    }
}
