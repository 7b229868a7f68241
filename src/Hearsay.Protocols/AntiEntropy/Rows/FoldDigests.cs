using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>
/// Digests of folded epochs, summed up by parts. They are made once for each set of folded epochs, which changes only
/// when a node has started again; so a question costs what is open, and not what ever was.
/// </summary>
internal sealed class FoldDigests
{
    private readonly UInt128[] _sums = new UInt128[1 << FoldParts.MostBits];
    private readonly int[] _counts = new int[1 << FoldParts.MostBits];
    private readonly RowDigester _digester;
    private readonly UInt128 _total;

    private FoldDigests(CausalContext context, RowDigester digester)
    {
        _digester = digester;
        foreach (var (epoch, last) in context.Folded)
        {
            var part = FoldParts.PartOf(digester.NameOf(epoch), FoldParts.MostBits);
            _counts[part]++;
            ref var sum = ref _sums[part];
            var digest = digester.Of(epoch, last);
            (sum, _total) = unchecked((sum + digest, _total + digest));
        }
    }

    /// <summary>A digest of all folded epochs.</summary>
    public static UInt128 Total(CausalContext context, RowDigester digester) => Of(context, digester)._total;

    /// <summary>
    /// A digest of the folded epochs that are not listed. Those of which something was seen above the fold do not
    /// count, since these are always told.
    /// </summary>
    public static UInt128 Rest(CausalContext context, FoldParts parts, RowDigester digester)
    {
        var (rest, sums) = ((UInt128)0, Plain(context, digester));
        for (var i = 0; i < sums.Length; i++)
        {
            rest = parts.IsListed(i >> (FoldParts.MostBits - parts.Bits)) ? rest : unchecked(rest + sums[i]);
        }

        return rest;
    }

    /// <summary>How many folded epochs are in the parts that are listed.</summary>
    public static int CountListed(CausalContext context, FoldParts parts, RowDigester digester)
    {
        if (parts.AreAll || parts.AreNone)
        {
            return parts.AreAll ? context.Folded.Count : 0;
        }

        var (count, counts) = (0, Of(context, digester)._counts);
        for (var i = 0; i < counts.Length; i++)
        {
            count += parts.IsListed(i >> (FoldParts.MostBits - parts.Bits)) ? counts[i] : 0;
        }

        return count;
    }

    /// <summary>32 bits of the digest of each part.</summary>
    public static uint[] PartsOf(CausalContext context, int bits, RowDigester digester)
    {
        var (parts, sums) = (new UInt128[1 << bits], Plain(context, digester));
        for (var i = 0; i < sums.Length; i++)
        {
            ref var part = ref parts[i >> (FoldParts.MostBits - bits)];
            part = unchecked(part + sums[i]);
        }

        return [.. parts.Select(static part => (uint)part)];
    }

    private static UInt128[] Plain(CausalContext context, RowDigester digester)
    {
        var sums = Of(context, digester)._sums;
        var isCopied = false;
        foreach (var epoch in context.Open.Keys)
        {
            if (context.Folded.TryGetValue(epoch, out var last))
            {
                sums = isCopied ? sums : [.. sums];
                isCopied = true;
                ref var sum = ref sums[FoldParts.PartOf(digester.NameOf(epoch), FoldParts.MostBits)];
                sum = unchecked(sum - digester.Of(epoch, last));
            }
        }

        return sums;
    }

    private static FoldDigests Of(CausalContext context, RowDigester digester)
    {
        if (context.FoldedMemo.Value is not FoldDigests known || !known._digester.Equals(digester))
        {
            context.FoldedMemo.Value = known = new(context, digester);
        }

        return known;
    }
}
