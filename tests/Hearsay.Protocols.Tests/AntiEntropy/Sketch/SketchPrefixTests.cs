using CsCheck;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.Tests.AntiEntropy.Sketch;

public sealed class SketchPrefixTests
{
    [Fact]
    public void Adding_and_removing_in_any_order_leaves_the_sketch_of_what_is_left() =>
        Gen.Select(Gen.ULong.HashSet[0, 50], Gen.ULong.HashSet[0, 50], Gen.Int).Sample((kept, passing, seed) =>
        {
            passing.ExceptWith(kept);
            var changes = kept.Concat(passing).Select(symbol => (Symbol: symbol, IsAdded: true)).ToArray();
            new SeededRandom((ulong)seed).Shuffle(changes.AsSpan());
            var (changed, direct) = (new SketchPrefix(SketchPair.Key, 200), new SketchPrefix(SketchPair.Key, 200));
            foreach (var (symbol, _) in changes)
            {
                changed.Add(symbol);
            }

            foreach (var symbol in passing)
            {
                changed.Remove(symbol);
            }

            foreach (var symbol in kept)
            {
                direct.Add(symbol);
            }

            Assert.Equal(direct.Cells.ToArray(), changed.Cells.ToArray());
            Assert.Equal(kept.Count, changed.Items);
        });

    [Fact]
    public void Replacing_a_symbol_is_removing_it_and_adding_the_other() =>
        Gen.Select(Gen.ULong.HashSet[1, 20], Gen.ULong, Gen.Int[1, 300]).Sample((before, after, cells) =>
        {
            var replaced = new SketchPrefix(SketchPair.Key, cells);
            var changed = new SketchPrefix(SketchPair.Key, cells);
            foreach (var symbol in before)
            {
                replaced.Add(symbol);
                changed.Add(symbol);
            }

            replaced.Replace(before.First(), after);
            changed.Remove(before.First());
            changed.Add(after);
            Assert.Equal(changed.Cells.ToArray(), replaced.Cells.ToArray());
            Assert.Equal(changed.Items, replaced.Items);
        });

    [Fact]
    public void Cells_are_linear() =>
        Gen.Select(Gen.ULong.HashSet[0, 40], Gen.ULong.HashSet[0, 40]).Sample((first, second) =>
        {
            var (a, b, difference) = (Of(first), Of(second), new SketchPrefix(SketchPair.Key, 100));
            foreach (var symbol in first.Except(second))
            {
                difference.Add(symbol);
            }

            foreach (var symbol in second.Except(first))
            {
                difference.Remove(symbol);
            }

            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(difference.Cells[i], a.Cells[i].Minus(b.Cells[i]));
            }
        });

    [Fact]
    public void An_update_allocates_nothing()
    {
        var prefix = new SketchPrefix(SketchPair.Key);
        for (ulong i = 0; i < 1_000; i++)
        {
            prefix.Add(i);
        }

        var first = 0UL;
        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            for (var end = first + 1_000; first < end; first++)
            {
                prefix.Remove(first);
                prefix.Add(first + 1_000);
                prefix.Replace(first + 1_000, first);
                prefix.Replace(first, first + 1_000);
            }
        }));
    }

    [Theory]
    [InlineData(1_024, 12.97)]
    [InlineData(16_384, 18.5)]
    public void An_insert_touches_as_many_cells_as_the_reference_says(int cells, double touched)
    {
        const int Inserts = 3_000;
        var prefix = new SketchPrefix(SketchPair.Key, cells);
        for (ulong i = 0; i < Inserts; i++)
        {
            prefix.Add(SeededRandom.Mix(i));
        }

        var sum = prefix.Cells.ToArray().Sum(cell => cell.Count);
        Assert.Equal(touched, sum / (double)Inserts, 0.02 * touched);
    }

    [Fact]
    public void A_snapshot_does_not_see_later_changes()
    {
        var prefix = Of([1, 2, 3]);
        var snapshot = prefix.Snapshot();
        prefix.Add(4);
        Assert.Equal((3, 3), (snapshot.Items, snapshot.Cells[0].Count));
        prefix.Clear();
        Assert.Equal(0, prefix.Items);
        Assert.All(prefix.Cells.ToArray(), cell => Assert.Equal(default, cell));
    }

    private static SketchPrefix Of(IEnumerable<ulong> symbols)
    {
        var prefix = new SketchPrefix(SketchPair.Key, 100);
        foreach (var symbol in symbols)
        {
            prefix.Add(symbol);
        }

        return prefix;
    }
}
