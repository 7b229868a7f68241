namespace Hearsay.Protocols.Security;

/// <summary>
/// Which numbers of a sender were seen: a bit for each of the latest ones, as in RFC 6479. Pure functions on a span of
/// words, which is as many bits long.
/// </summary>
internal static class ReplayWindow
{
    private const int BitsPerWord = 64;

    /// <summary>Begins a window.</summary>
    /// <param name="words">The bits; a power of two.</param>
    /// <param name="isSeen">Whether everything up to the highest number counts as seen.</param>
    public static void Open(Span<ulong> words, bool isSeen) => words.Fill(isSeen ? ulong.MaxValue : 0);

    /// <summary>Whether a number may be new.</summary>
    /// <param name="words">The bits.</param>
    /// <param name="highest">The highest number seen.</param>
    /// <param name="number">The number.</param>
    public static bool IsNew(ReadOnlySpan<ulong> words, uint highest, uint number) =>
        number > highest
        || (highest - number < (uint)(words.Length * BitsPerWord) && (WordOf(words, number) & BitOf(number)) == 0);

    /// <summary>Marks a number that was new.</summary>
    /// <param name="words">The bits.</param>
    /// <param name="highest">The highest number seen; raised.</param>
    /// <param name="number">The number.</param>
    public static void Mark(Span<ulong> words, ref uint highest, uint number)
    {
        if (number > highest)
        {
            Forget(words, highest, number);
            highest = number;
        }

        words[IndexOf(words, number)] |= BitOf(number);
    }

    /// <summary>The numbers after the highest so far begin unseen.</summary>
    private static void Forget(Span<ulong> words, uint highest, uint number)
    {
        if (number - highest >= (uint)(words.Length * BitsPerWord))
        {
            words.Clear();
            return;
        }

        // A word at a time: a sender counts for all whom it speaks to, so there are gaps of as many numbers.
        var (next, last) = (highest + 1, number / BitsPerWord * BitsPerWord);
        var unseen = ulong.MaxValue << (int)(next % BitsPerWord);
        for (; next < last; next = (next / BitsPerWord * BitsPerWord) + BitsPerWord)
        {
            words[IndexOf(words, next)] &= ~unseen;
            unseen = ulong.MaxValue;
        }

        unseen &= ulong.MaxValue >> (BitsPerWord - 1 - (int)(number % BitsPerWord));
        words[IndexOf(words, number)] &= ~unseen;
    }

    private static int IndexOf(ReadOnlySpan<ulong> words, uint number) =>
        (int)(number / BitsPerWord) & (words.Length - 1);

    private static ulong WordOf(ReadOnlySpan<ulong> words, uint number) => words[IndexOf(words, number)];

    private static ulong BitOf(uint number) => 1UL << (int)(number % BitsPerWord);
}
