using System.Numerics;

namespace Hearsay.Lab.Models;

/// <summary>
/// Tests of a long stream of 10-bit numbers in the spirit of DIEHARD (Marsaglia 1995), each as a standard score: 0 is
/// ideal and beyond 3 either way is suspicious. χ² becomes a score by Wilson and Hilferty's cube root.
/// </summary>
internal static class StreamBattery
{
    private const int Values = 1024;

    /// <summary>The names of the tests, in the order of the scores.</summary>
    public static IReadOnlyList<string> Tests { get; } =
    [
        "frequency", "bits", "pairs", "repeats", "near repeats", "gaps", "poker", "permutations", "runs", "OPSO",
        "birthdays",
    ];

    /// <summary>The score of every test.</summary>
    /// <param name="stream">Numbers from 0 to 1,023; some ten thousand at least.</param>
    public static double[] Scores(ReadOnlySpan<ushort> stream) =>
    [
        Frequency(stream), Bits(stream), Pairs(stream), Repeats(stream, 1, 1), Repeats(stream, 2, 20), Gaps(stream),
        Poker(stream), Permutations(stream), Runs(stream), OverlappingPairs(stream), Birthdays(stream),
    ];

    /// <summary>A χ² as a standard score.</summary>
    public static double Score(double square, double degrees)
    {
        var ninth = 2 / (9 * degrees);
        return (Math.Cbrt(square / degrees) - (1 - ninth)) / Math.Sqrt(ninth);
    }

    private static double Frequency(ReadOnlySpan<ushort> stream)
    {
        var counts = new double[Values];
        foreach (var value in stream)
        {
            counts[value]++;
        }

        return Uniform(counts);
    }

    /// <summary>Every bit is set in half of the numbers: ten scores in one.</summary>
    private static double Bits(ReadOnlySpan<ushort> stream)
    {
        var square = 0.0;
        for (var bit = 0; bit < 10; bit++)
        {
            var set = 0;
            foreach (var value in stream)
            {
                set += value >> bit & 1;
            }

            var score = (set - (stream.Length / 2.0)) / Math.Sqrt(stream.Length / 4.0);
            square += score * score;
        }

        return Score(square, 10);
    }

    /// <summary>Pairs that do not overlap, each number in one of 32 ranges.</summary>
    private static double Pairs(ReadOnlySpan<ushort> stream)
    {
        var counts = new double[Values];
        for (var i = 0; i + 1 < stream.Length; i += 2)
        {
            counts[(stream[i] >> 5 << 5) | (stream[i + 1] >> 5)]++;
        }

        return Uniform(counts);
    }

    /// <summary>How often a number comes again after so many others; without replacement it hardly does.</summary>
    private static double Repeats(ReadOnlySpan<ushort> stream, int least, int most)
    {
        var (found, tried) = (0L, 0L);
        for (var distance = least; distance <= most; distance++)
        {
            for (var i = distance; i < stream.Length; i++)
            {
                found += stream[i] == stream[i - distance] ? 1 : 0;
            }

            tried += Math.Max(0, stream.Length - distance);
        }

        var expected = tried / (double)Values;
        return (found - expected) / Math.Sqrt(Math.Max(1, expected));
    }

    /// <summary>Lengths of the gaps between numbers below 64.</summary>
    private static double Gaps(ReadOnlySpan<ushort> stream)
    {
        const int Longest = 64;
        const double Hit = 64.0 / Values;
        var (counts, gap) = (new double[Longest + 1], 0);
        foreach (var value in stream)
        {
            if (value < 64)
            {
                counts[Math.Min(gap, Longest)]++;
                gap = 0;
            }
            else
            {
                gap++;
            }
        }

        var (total, square) = (counts.Sum(), 0.0);
        for (var length = 0; length <= Longest; length++)
        {
            var share = Math.Pow(1 - Hit, length) * (length == Longest ? 1 : Hit);
            square += Math.Pow(counts[length] - (share * total), 2) / (share * total);
        }

        return Score(square, Longest);
    }

    /// <summary>How many different ones are among five numbers in eight ranges; Stirling numbers give odds.</summary>
    private static double Poker(ReadOnlySpan<ushort> stream)
    {
        double[] shares = [8 / 32768.0, 840 / 32768.0, 8400 / 32768.0, 16800 / 32768.0, 6720 / 32768.0];
        var counts = new double[5];
        for (var i = 0; i + 4 < stream.Length; i += 5)
        {
            var seen = 0u;
            foreach (var value in stream.Slice(i, 5))
            {
                seen |= 1u << (value >> 7);
            }

            counts[BitOperations.PopCount(seen) - 1]++;
        }

        var (total, square) = (counts.Sum(), 0.0);
        for (var kind = 0; kind < 5; kind++)
        {
            square += Math.Pow(counts[kind] - (shares[kind] * total), 2) / (shares[kind] * total);
        }

        return Score(square, 4);
    }

    /// <summary>The order of four numbers; those with ties are passed over.</summary>
    private static double Permutations(ReadOnlySpan<ushort> stream)
    {
        var counts = new double[24];
        for (var i = 0; i + 3 < stream.Length; i += 4)
        {
            var four = stream.Slice(i, 4);
            var (rank, tie) = (0, false);
            for (var place = 0; place < 4; place++)
            {
                var smaller = 0;
                for (var other = place + 1; other < 4; other++)
                {
                    tie |= four[other] == four[place];
                    smaller += four[other] < four[place] ? 1 : 0;
                }

                rank = (rank * (4 - place)) + smaller;
            }

            counts[rank] += tie ? 0 : 1;
        }

        return Uniform(counts);
    }

    /// <summary>Runs above and below the middle (Wald and Wolfowitz).</summary>
    private static double Runs(ReadOnlySpan<ushort> stream)
    {
        var (above, runs) = (0.0, 1.0);
        for (var i = 0; i < stream.Length; i++)
        {
            above += stream[i] >= Values / 2 ? 1 : 0;
            runs += i > 0 && stream[i] >= Values / 2 != stream[i - 1] >= Values / 2 ? 1 : 0;
        }

        var below = stream.Length - above;
        var mean = 1 + (2 * above * below / stream.Length);
        return (runs - mean) / Math.Sqrt((mean - 1) * (mean - 2) / (stream.Length - 1));
    }

    /// <summary>DIEHARD's overlapping pairs, sparse occupancy: how many of 2^20 pairs never come.</summary>
    private static double OverlappingPairs(ReadOnlySpan<ushort> stream)
    {
        var seen = new bool[Values * Values];
        for (var i = 1; i < stream.Length; i++)
        {
            seen[(stream[i - 1] * Values) + stream[i]] = true;
        }

        var load = (stream.Length - 1.0) / seen.Length;
        var missing = seen.Length * Math.Exp(-load);
        return (seen.AsSpan().Count(false) - missing)
            / Math.Sqrt(missing * (1 - ((1 + load) * Math.Exp(-load))));
    }

    /// <summary>DIEHARD's birthday spacings: 256 birthdays in a year of 2^20 days, spacings that come twice.</summary>
    private static double Birthdays(ReadOnlySpan<ushort> stream)
    {
        const int People = 256;
        const double Expected = (double)People * People * People / (4.0 * Values * Values);
        var (days, total, groups) = (new int[People], 0L, 0);
        for (var start = 0; start + (2 * People) <= stream.Length; start += 2 * People)
        {
            for (var i = 0; i < People; i++)
            {
                days[i] = (stream[start + (2 * i)] * Values) + stream[start + (2 * i) + 1];
            }

            Array.Sort(days);
            for (var i = People - 1; i > 0; i--)
            {
                days[i] -= days[i - 1];
            }

            Array.Sort(days);
            for (var i = 1; i < People; i++)
            {
                total += days[i] == days[i - 1] ? 1 : 0;
            }

            groups++;
        }

        return (total - (groups * Expected)) / Math.Sqrt(Math.Max(1, groups * Expected));
    }

    private static double Uniform(double[] counts)
    {
        var expected = counts.Sum() / counts.Length;
        return expected == 0 ? 0
            : Score(counts.Sum(count => (count - expected) * (count - expected) / expected), counts.Length - 1);
    }
}
