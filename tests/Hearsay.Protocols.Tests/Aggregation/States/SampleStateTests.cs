using CsCheck;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Tests.Aggregation.States;

public sealed class SampleStateTests
{
    private const int K = 8;

    private static readonly AggregateDefinition Sizes =
        new("sizes", AggregateKind.Sample) { Precision = K, Minimum = -100, Maximum = 100 };

    /// <summary>Few items, so that states share some; of one item there may be two values.</summary>
    private static readonly Gen<SampleState> States = Gen.Select(Gen.ULong[0, 30], Gen.Double[-100, 100]).Array[0, 20]
        .Select(items => Of(items));

    [Fact]
    public void A_merge_is_idempotent_commutative_and_associative() => Gen.Select(States, States, States).Sample(
        (a, b, c) =>
        {
            Assert.Equal(Items(a), Items(Merged(a, a)));
            Assert.Equal(Items(Merged(a, b)), Items(Merged(b, a)));
            Assert.Equal(Items(Merged(Merged(a, b), c)), Items(Merged(a, Merged(b, c))));
        });

    [Fact]
    public void An_exchange_teaches_the_asked_side_all_and_the_other_as_much_as_there_is_room_for() =>
        Gen.Select(States, States).Sample((asking, asked) =>
        {
            var (all, known) = (Items(Merged(asking, asked)), asking.Hashes.Length);
            var request = AggregationScenarios.Bytes(asking);
            var answer = new WireWriter(new byte[asked.MaximumBytes]);
            Assert.True(asked.TryAnswer(request, ref answer));
            Assert.InRange(answer.Position, 2, request.Length);
            Assert.True(asking.TryApply(answer.Written));
            Assert.Equal(all, Items(asked));
            // Room for as many again and eight: here for all there can be.
            Assert.Equal(all, Items(asking));
            Assert.InRange(known, 0, K);
        });

    [Fact]
    public void An_answer_with_little_room_brings_the_smallest_hashes()
    {
        var (asking, asked) = (Of([]), Of([.. Enumerable.Range(0, K).Select(i => ((ulong)i, (double)i))]));
        var answer = new WireWriter(new byte[2 + (3 * 16) + 15]);
        Assert.True(asked.TryAnswer(AggregationScenarios.Bytes(asking), ref answer));
        Assert.True(asking.TryApply(answer.Written));
        Assert.Equal(Items(asked)[..3], Items(asking));
    }

    [Fact]
    public void Values_without_names_are_items_of_their_own_and_others_in_another_epoch()
    {
        var state = new SampleState(Sizes);
        double[] values = [1, 2, 3];
        Assert.True(state.TryContribute(new AggregateInput(double.NaN, Values: values, Seed: 5)));
        Assert.Equal(3, state.Value);
        Assert.Equal(0, state.MethodError);
        var before = state.Hashes.ToArray();
        state.Clear();
        Assert.True(state.TryContribute(new AggregateInput(double.NaN, Values: values, Seed: 600)));
        Assert.Empty(before.Intersect(state.Hashes.ToArray()));
        Assert.Equal(values, state.Values.ToArray().Order());
    }

    [Fact]
    public void The_number_of_items_is_off_by_about_the_error_told()
    {
        const int Runs = 100;
        const int Distinct = 5_000;
        var squares = 0.0;
        for (var run = 0; run < Runs; run++)
        {
            var state = new SampleState(new AggregateDefinition($"x{run}", AggregateKind.Sample) { Precision = 64 });
            var items = Enumerable.Range(0, Distinct).Select(i => (ulong)i).ToArray();
            Assert.True(state.TryContribute(new AggregateInput(1, Items: items)));
            squares += Math.Pow((state.Value - Distinct) / state.MethodError, 2);
        }

        Assert.InRange(Math.Sqrt(squares / Runs), 0.75, 1.3);
    }

    [Fact]
    public void A_sketch_out_of_order_too_long_or_out_of_bounds_is_refused_and_changes_nothing()
    {
        var state = Of([(1, 1), (2, 2)]);
        var before = Items(state);
        (ulong, double)[][] lies =
        [
            [(2, 0), (1, 0)], [(1, 0), (1, 0)], [(1, double.NaN)], [(1, 101)], [(1, double.NegativeInfinity)],
            [.. Enumerable.Range(0, K + 1).Select(i => ((ulong)i, 0.0))],
        ];
        Assert.All(lies, lie => Assert.False(state.TryApply(Encoded(lie.Length, lie))));
        Assert.False(state.TryApply(Encoded(2, [(1, 0)])));
        Assert.False(state.TryApply(Encoded(ushort.MaxValue, [])));
        Assert.False(state.TryApply([]));
        Assert.False(state.TryApply(new byte[state.MaximumBytes + 1]));
        Assert.Equal(before, Items(state));
    }

    [Fact]
    public void A_value_that_is_no_number_is_refused_and_one_out_of_bounds_clamped()
    {
        var state = new SampleState(Sizes);
        Assert.False(state.TryContribute(new AggregateInput(double.NaN, Seed: 1)));
        Assert.False(state.TryContribute(new AggregateInput(0, Values: new double[2], Items: new ulong[3])));
        Assert.Equal(0, state.Value);
        Assert.True(state.TryContribute(new AggregateInput(1000, Seed: 1)));
        Assert.Equal([100.0], state.Values.ToArray());
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var (one, two) = (Of([(1, 1), (2, 2)]), Of([(3, 3)]));
        var (request, answer) = (new byte[one.MaximumBytes], new byte[one.MaximumBytes]);
        void Exchange(int i)
        {
            two.Clear();
            two.TryContribute(new AggregateInput(7, Seed: (ulong)i));
            var asking = new WireWriter(request);
            one.WriteRequest(ref asking);
            var answering = new WireWriter(answer);
            Assert.True(two.TryAnswer(asking.Written, ref answering) && one.TryApply(answering.Written));
        }

        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Exchange(i);
            }
        }));
        Assert.Equal(K, one.Hashes.Length);
    }

    [Fact]
    public void A_sample_tells_quantiles_and_their_error()
    {
        var whole = new AggregateSample([3, 1, 2], 3, isWhole: true);
        Assert.Equal([3.0, 1.0, 2.0], whole.Values.ToArray());
        Assert.Equal([1.0, 2.0, 3.0, 3.0], new[] { 0, 0.5, 0.9, 1 }.Select(whole.Quantile));
        Assert.Equal(0, whole.RankError(0.5));
        var part = new AggregateSample(new double[100], 1e6, isWhole: false);
        Assert.Equal(0.05, part.RankError(0.5), 1e-4);
        Assert.True(double.IsNaN(new AggregateSample([], 0, isWhole: true).Quantile(0.5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => part.Quantile(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => part.RankError(double.NaN));
    }

    private static SampleState Of((ulong Item, double Value)[] items)
    {
        var state = new SampleState(Sizes);
        if (items.Length > 0)
        {
            Assert.True(state.TryContribute(new AggregateInput(
                0, Values: items.Select(i => i.Value).ToArray(), Items: items.Select(i => i.Item).ToArray())));
        }

        return state;
    }

    private static (ulong, double)[] Items(SampleState state) =>
        [.. state.Hashes.ToArray().Zip(state.Values.ToArray())];

    private static byte[] Encoded(int count, (ulong Hash, double Value)[] items)
    {
        var writer = new WireWriter(new byte[2 + (16 * items.Length)]);
        writer.WriteUInt16((ushort)count);
        foreach (var (hash, value) in items)
        {
            writer.WriteUInt64(hash);
            writer.WriteDouble(value);
        }

        return writer.Written.ToArray();
    }

    private static SampleState Merged(SampleState one, SampleState other)
    {
        var merged = new SampleState(Sizes);
        Assert.True(merged.TryApply(AggregationScenarios.Bytes(one)));
        Assert.True(merged.TryApply(AggregationScenarios.Bytes(other)));
        return merged;
    }
}
