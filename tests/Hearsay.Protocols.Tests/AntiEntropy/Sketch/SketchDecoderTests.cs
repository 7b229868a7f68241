using CsCheck;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.Tests.AntiEntropy.Sketch;

public sealed class SketchDecoderTests
{
    private static readonly Gen<(HashSet<ulong> Mine, HashSet<ulong> Theirs)> AnySets =
        Gen.Select(Gen.ULong.HashSet[0, 60], Gen.ULong.HashSet[0, 40], Gen.ULong.HashSet[0, 40]).Select(sets =>
            (new HashSet<ulong>(sets.Item1.Concat(sets.Item2)), new HashSet<ulong>(sets.Item1.Concat(sets.Item3))));

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void The_difference_of_any_two_sets_is_found(int checkBytes) => AnySets.Sample(sets =>
    {
        var pair = Of(sets);
        var decoder = pair.Decode(checkBytes);
        Assert.Equal(SketchProgress.Done, decoder.Progress);
        Assert.Equal(sets.Mine.Except(sets.Theirs).Order(), decoder.OnlyMine.Order());
        Assert.Equal(sets.Theirs.Except(sets.Mine).Order(), decoder.OnlyTheirs.Order());
    });

    [Fact]
    public void Equal_sets_need_one_cell()
    {
        var decoder = SketchPair.Random(1, common: 100, difference: 0).Decode();
        Assert.Equal((SketchProgress.Done, 1), (decoder.Progress, decoder.Taken));
    }

    /// <summary>
    /// Means and 99th percentiles of the reference figures. Trials are fewer than there, so a bound has room for two
    /// standard errors; the least is a bound too, since fewer cells than that would be too good to be true.
    /// </summary>
    [Theory]
    [InlineData(1, 200, 1.0, 1.0, 1.0)]
    [InlineData(10, 1000, 1.66, 1.75, 3.6)]
    [InlineData(1_000, 60, 1.36, 1.39, 1.506)]
    [InlineData(10_000, 6, 1.345, 1.366, 1.428)]
    public void Overheads_are_those_of_the_reference(
        int difference, int trials, double least, double most, double mostAtNinetyNine)
    {
        var overheads = new double[trials];
        for (var trial = 0; trial < trials; trial++)
        {
            var pair = SketchPair.Random((ulong)(trial + (1000 * difference)), 0, difference, 16_384);
            var decoder = pair.Decode();
            Assert.Equal(SketchProgress.Done, decoder.Progress);
            overheads[trial] = decoder.Taken / (double)difference;
        }

        Array.Sort(overheads);
        Assert.InRange(overheads.Average(), least, most);
        Assert.InRange(overheads[(int)(0.99 * (trials - 1))], least, mostAtNinetyNine);
    }

    [Fact]
    public void A_difference_beyond_the_cells_is_given_up()
    {
        var decoder = SketchPair.Random(3, common: 50, difference: 400, cells: 256).Decode();
        Assert.Equal((SketchProgress.GaveUp, 256), (decoder.Progress, decoder.Taken));
        Assert.Equal(SketchProgress.GaveUp, decoder.Take(default));
        Assert.Equal(256, decoder.Taken);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void Arbitrary_cells_never_decode_and_end_within_the_cells_allowed(int checkBytes)
    {
        var (decoder, random) = (Empty(checkBytes, 512), new SeededRandom(9));
        while (decoder.Progress == SketchProgress.NeedsCells)
        {
            decoder.Take(new SketchCell(random.NextUInt64(), random.NextUInt64(), random.Below(3) - 1));
        }

        Assert.Equal((SketchProgress.GaveUp, 512), (decoder.Progress, decoder.Taken));
    }

    /// <summary>
    /// X is not in the cells that claim it, and neither is Y; but X is in those that claim Y, and the reverse. Peeling
    /// one after the other restores them all, so without a memory of what was peeled it would go round for ever.
    /// </summary>
    [Fact]
    public void Cells_that_feed_each_other_do_not_keep_the_decoder_busy()
    {
        var (x, y) = (SymbolIn(present: [3, 4], absent: [1, 2]), SymbolIn(present: [1, 2], absent: [3, 4]));
        var decoder = Empty(8, 64);
        decoder.Take(new SketchCell(1, 1, 7));
        foreach (var (symbol, count) in new[] { (x, 1), (x, -1), (y, 1), (y, -1) })
        {
            decoder.Take(new SketchCell(symbol, SketchPair.Key.HashOf(symbol), count));
        }

        Assert.Equal(5, decoder.Taken);
        Assert.Equal([x, y], decoder.OnlyTheirs);
        Assert.Equal([x, y], decoder.OnlyMine);
    }

    [Theory]
    [InlineData(0UL, 64)]
    [InlineData(10UL, 80)]
    [InlineData(1_000UL, 1_664)]
    [InlineData(10_000UL, 16_064)]
    [InlineData(1UL << 60, 16_384)]
    [InlineData(ulong.MaxValue, 16_384)]
    public void A_claim_buys_no_more_cells_than_there_are(ulong claimed, int cells) =>
        Assert.Equal(cells, SketchLimits.CellsFor(claimed, SketchPrefix.DefaultCells));

    [Fact]
    public void Chunks_overshoot_by_a_sixteenth_at_most()
    {
        for (int sent = 0, chunks = 0; sent < 16_384; chunks++)
        {
            var chunk = SketchLimits.NextChunk(sent, 16_384);
            Assert.True(chunk <= Math.Max(16, sent / 16.0) && chunk > 0);
            Assert.True(chunks < 120);
            sent += chunk;
        }

        Assert.Equal(0, SketchLimits.NextChunk(16_384, 16_384));
        Assert.Equal(16, SketchLimits.NextChunk(0, 16_384));
    }

    [Fact]
    public void A_check_of_another_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Empty(5, 16));

    /// <summary>A symbol that the mapping has in some cells and not in others.</summary>
    private static ulong SymbolIn(long[] present, long[] absent)
    {
        for (ulong symbol = 1; ; symbol++)
        {
            var cells = new HashSet<long>();
            for (var mapping = new SketchMapping(SketchPair.Key.HashOf(symbol)); mapping.Index < 8; mapping.MoveNext())
            {
                cells.Add(mapping.Index);
            }

            if (cells.IsSupersetOf(present) && !cells.Overlaps(absent))
            {
                return symbol;
            }
        }
    }

    private static SketchDecoder Empty(int checkBytes, int cells) =>
        new(new SketchPrefix(SketchPair.Key, cells).Snapshot(), SketchPair.Key, checkBytes, cells);

    private static SketchPair Of((HashSet<ulong> Mine, HashSet<ulong> Theirs) sets)
    {
        var pair = new SketchPair();
        foreach (var symbol in sets.Mine)
        {
            pair.Mine.Add(symbol);
        }

        foreach (var symbol in sets.Theirs)
        {
            pair.Theirs.Add(symbol);
        }

        return pair;
    }
}
