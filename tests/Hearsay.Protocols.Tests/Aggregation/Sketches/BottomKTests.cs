using CsCheck;
using Hearsay.Protocols.Aggregation.Sketches;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Tests;

public class BottomKTests
{
    private const int K = 8;

    /// <summary>Few items, so that sketches share some; of one item there may be two values.</summary>
    private static readonly Gen<(ulong Hash, double Value)[]> Items = Gen.Select(
        Gen.ULong[0, 20].Select(item => item * 1_000), Gen.Double[-5, 5]).Array[0, 20];

    [Fact]
    public void It_keeps_the_smallest_hashes_each_with_its_smallest_value() => Items.Sample(items =>
    {
        var expected = items.GroupBy(item => item.Hash).OrderBy(group => group.Key).Take(K)
            .Select(group => (group.Key, group.Min(item => item.Value)));
        return Of(items).Items.SequenceEqual(expected);
    });

    [Fact]
    public void Union_is_idempotent_commutative_and_associative() => Gen.Select(Items, Items, Items).Sample(
        (a, b, c) =>
        {
            var (one, two, three) = (Of(a), Of(b), Of(c));
            Assert.Equal(one.Items, one.With(one).Items);
            Assert.Equal(one.With(two).Items, two.With(one).Items);
            Assert.Equal(one.With(two).With(three).Items, one.With(two.With(three)).Items);
            Assert.Equal(Of([.. a, .. b]).Items, one.With(two).Items);
        });

    [Theory]
    [InlineData(64, 10_000)]
    [InlineData(1_024, 10_000)]
    public void The_distinct_count_is_as_exact_as_the_number_kept_allows(int k, int distinct)
    {
        const int Runs = 60;
        var errors = Enumerable.Range(0, Runs).Select(run =>
            (BottomK.Distinct(Filled(k, distinct, run).Hashes, k) / distinct) - 1).ToArray();
        var expected = 1 / Math.Sqrt(k - 2);
        Assert.InRange(Math.Sqrt(errors.Average(error => error * error)), 0.6 * expected, 1.35 * expected);
        Assert.InRange(errors.Average(), -4 * expected / Math.Sqrt(Runs), 4 * expected / Math.Sqrt(Runs));
    }

    [Fact]
    public void Fewer_items_than_room_are_counted_exactly() =>
        Assert.Equal(700, BottomK.Distinct(Filled(1_024, 700, 1).Hashes, 1_024));

    [Fact]
    public void The_sample_is_uniform_so_the_median_has_the_stated_rank_error()
    {
        const int Runs = 60;
        var squares = Enumerable.Range(0, Runs).Average(run =>
        {
            var sketch = Filled(1_024, 20_000, run);
            var rank = BottomK.Quantile(sketch.Values, 0.5, new double[1_024]) / 20_000;
            return (rank - 0.5) * (rank - 0.5);
        });
        Assert.InRange(Math.Sqrt(squares), 0.010, 0.021);
    }

    [Fact]
    public void A_sketch_out_of_order_or_with_absurd_values_is_refused()
    {
        Assert.True(BottomK.IsValid([1, 2], [0, 0], 2));
        Assert.False(BottomK.IsValid([2, 1], [0, 0], 2));
        Assert.False(BottomK.IsValid([1, 1], [0, 0], 2));
        Assert.False(BottomK.IsValid([1, 2, 3], [0, 0, 0], 2));
        Assert.False(BottomK.IsValid([1, 2], [0], 2));
        Assert.False(BottomK.IsValid([1], [double.NaN], 2));
        Assert.True(double.IsNaN(BottomK.Quantile([], 0.5, [])));
    }

    [Fact]
    public void Control_a_merge_that_keeps_the_largest_is_caught()
    {
        var (one, two) = (Of([(1, 1), (9_000, 1)]), Of([.. Enumerable.Range(10, K).Select(i => ((ulong)i, 1.0))]));
        var wrong = one.Items.Concat(two.Items).OrderByDescending(item => item.Hash).Take(K).OrderBy(item => item.Hash);
        Assert.NotEqual(wrong, one.With(two).Items);
    }

    private static Sketch Of((ulong Hash, double Value)[] items)
    {
        var (hashes, values, count) = (new ulong[K], new double[K], 0);
        Array.ForEach(items, item => count = BottomK.Add(hashes, values, count, item.Hash, item.Value));
        return new Sketch(hashes[..count], values[..count], K);
    }

    private static Sketch Filled(int k, int distinct, int run)
    {
        var (hash, hashes, values, count) = (new KeyedHash((ulong)run, 9), new ulong[k], new double[k], 0);
        for (var item = 0; item < distinct; item++)
        {
            count = BottomK.Add(hashes, values, count, hash.Of((ulong)item), item);
        }

        return new Sketch(hashes[..count], values[..count], k);
    }

    private sealed record Sketch(ulong[] Hashes, double[] Values, int K)
    {
        public (ulong Hash, double Value)[] Items => [.. Hashes.Zip(Values)];

        public Sketch With(Sketch other)
        {
            var (hashes, values) = (new ulong[K], new double[K]);
            var count = BottomK.Merge(Hashes, Values, other.Hashes, other.Values, hashes, values);
            return new Sketch(hashes[..count], values[..count], K);
        }
    }
}
