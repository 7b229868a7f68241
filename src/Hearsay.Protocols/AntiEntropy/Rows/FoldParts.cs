using System.Numerics;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>
/// Which folded epochs are told one by one. They fall into parts by the first bits of their names; the parts that are
/// not listed go by their digest.
/// <code>
/// parts    bits of a part's number 1, how many are listed varint, for each: its number less the one before varint
/// </code>
/// </summary>
internal sealed class FoldParts
{
    /// <summary>The most bits of the number of a part.</summary>
    public const int MostBits = 12;

    /// <summary>So few folded epochs are always told one by one.</summary>
    private const int FewFolded = 128;

    private const int FoldedPerPart = 16;
    private const int LeastBits = 3;

    private readonly bool[] _listed;
    private readonly int _count;

    private FoldParts(int bits, bool[] listed) =>
        (Bits, _listed, _count) = (bits, listed, listed.Count(static one => one));

    /// <summary>One part, which is listed: all folded epochs.</summary>
    public static FoldParts All { get; } = new(0, [true]);

    /// <summary>The bits of the number of a part.</summary>
    public int Bits { get; }

    /// <summary>Whether all folded epochs are told one by one.</summary>
    public bool AreAll => _count == _listed.Length;

    /// <summary>Whether none is.</summary>
    public bool AreNone => _count == 0;

    /// <summary>How a context is told at first.</summary>
    public static FoldParts Of(CausalContext context) => context.Folded.Count <= FewFolded ? All
        : None(Math.Clamp(BitOperations.Log2((uint)(context.Folded.Count / FoldedPerPart)), LeastBits, MostBits));

    /// <summary>Parts of which none is listed.</summary>
    public static FoldParts None(int bits) => new(bits, new bool[1 << bits]);

    /// <summary>As many parts, of which those are listed that are different.</summary>
    public FoldParts Differing(ReadOnlySpan<uint> mine, ReadOnlySpan<uint> theirs)
    {
        var listed = new bool[_listed.Length];
        for (var i = 0; i < listed.Length; i++)
        {
            listed[i] = mine[i] != theirs[i];
        }

        return new(Bits, listed);
    }

    /// <summary>Whether an epoch is told, if it is folded.</summary>
    public bool Lists(ulong name) => _listed[PartOf(name, Bits)];

    /// <summary>Whether a part is listed.</summary>
    public bool IsListed(int part) => _listed[part];

    /// <summary>The part of a name.</summary>
    public static int PartOf(ulong name, int bits) => (int)(name >> (BriefContext.NameBits - bits));

    /// <summary>Writes which are listed.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteByte((byte)Bits);
        Varint.Write(ref writer, (ulong)_count);
        var before = 0;
        for (var i = 0; i < _listed.Length; i++)
        {
            if (_listed[i])
            {
                Varint.Write(ref writer, (ulong)(i - before));
                before = i;
            }
        }
    }

    /// <summary>Reads which are listed; false if it is cut short or malformed.</summary>
    public static bool TryRead(ref WireReader reader, out FoldParts parts)
    {
        parts = All;
        var bits = reader.ReadByte();
        if (reader.Failed || bits > MostBits || !DotCodec.TryReadCount(ref reader, 1, 1 << bits, out var count))
        {
            return false;
        }

        var (listed, at) = (new bool[1 << bits], 0UL);
        for (var i = 0; i < count; i++)
        {
            if (!Varint.TryRead(ref reader, out var step) || (i > 0 && step == 0)
                || step >= (ulong)listed.Length - at)
            {
                return false;
            }

            at += step;
            listed[at] = true;
        }

        parts = new(bits, listed);
        return true;
    }
}
