using CsCheck;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Sketches;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Tests.Aggregation.States;

public sealed class ExtremaStateTests
{
    private const int K = 16;

    private static readonly AggregateDefinition Bytes =
        new("bytes", AggregateKind.ExtremaSum) { Precision = K, Minimum = 0, Maximum = 1000 };

    /// <summary>States of nodes that gave a value, or met others, or neither.</summary>
    private static readonly Gen<ExtremaState> States = Gen.Select(Gen.Double[0, 1000], Gen.ULong[1, 50]).Array[0, 3]
        .Select(given =>
        {
            var state = new ExtremaState(Bytes);
            Array.ForEach(given, one => state.TryContribute(new AggregateInput(one.Item1, Seed: one.Item2)));
            return state;
        });

    [Fact]
    public void A_merge_is_idempotent_commutative_and_associative() => Gen.Select(States, States, States).Sample(
        (a, b, c) =>
        {
            Assert.Equal(Wire(a), Wire(Merged(a, a)));
            Assert.Equal(Wire(Merged(a, b)), Wire(Merged(b, a)));
            Assert.Equal(Wire(Merged(Merged(a, b), c)), Wire(Merged(a, Merged(b, c))));
        });

    [Fact]
    public void After_an_exchange_both_sides_hold_the_same() => Gen.Select(States, States).Sample((asking, asked) =>
    {
        var expected = Wire(Merged(asking, asked));
        var answer = new WireWriter(new byte[asked.MaximumBytes]);
        Assert.True(asked.TryAnswer(Wire(asking), ref answer));
        Assert.True(asking.TryApply(answer.Written));
        Assert.Equal(expected, Wire(asked));
        Assert.Equal(expected, Wire(asking));
    });

    [Fact]
    public void A_value_that_is_given_again_with_the_same_draws_changes_nothing()
    {
        var state = new ExtremaState(Bytes);
        Assert.True(state.TryContribute(new AggregateInput(7, Seed: 3)));
        var once = Wire(state);
        Assert.True(state.TryContribute(new AggregateInput(7, Seed: 3)));
        Assert.Equal(once, Wire(state));
        state.Clear();
        Assert.True(state.TryContribute(new AggregateInput(7, Seed: 4)));
        Assert.NotEqual(once, Wire(state));
    }

    [Theory]
    [InlineData(AggregateKind.ExtremaSum, 5_050)]
    [InlineData(AggregateKind.ExtremaCount, 100)]
    public void What_is_told_is_off_by_about_the_error_told(AggregateKind kind, double expected)
    {
        const int Runs = 100;
        var squares = 0.0;
        var definition = new AggregateDefinition("x", kind);
        var state = new ExtremaState(definition);
        for (var run = 0; run < Runs; run++)
        {
            state.Clear();
            for (var node = 1; node <= 100; node++)
            {
                state.TryContribute(new AggregateInput(node, Seed: SeededRandom.Mix(((ulong)run << 32) + (ulong)node)));
            }

            squares += Math.Pow((state.Value - expected) / state.MethodError, 2);
        }

        Assert.InRange(Math.Sqrt(squares / Runs), 0.75, 1.3);
        Assert.Equal(0.0725 * state.Value, state.MethodError, 0.001 * state.Value);
    }

    [Fact]
    public void Nobody_is_not_a_sum_of_zero()
    {
        var state = new ExtremaState(Bytes);
        Assert.True(double.IsNaN(state.Value));
        Assert.True(state.TryContribute(new AggregateInput(0, Seed: 1)));
        Assert.Equal(0, state.Value);
        Assert.Equal(0, Merged(new ExtremaState(Bytes), state).Value);
    }

    [Fact]
    public void A_value_below_zero_or_no_number_is_refused_and_one_out_of_bounds_clamped()
    {
        var state = new ExtremaState(Bytes);
        foreach (var bad in new[] { -1, double.NaN, double.PositiveInfinity, 1e101 })
        {
            Assert.False(state.TryContribute(new AggregateInput(bad, Seed: 1)));
        }

        Assert.True(double.IsNaN(state.Value));
        var most = new ExtremaState(Bytes);
        Assert.True(state.TryContribute(new AggregateInput(1e9, Seed: 1)));
        Assert.True(most.TryContribute(new AggregateInput(1000, Seed: 1)));
        Assert.Equal(Wire(most), Wire(state));
    }

    [Fact]
    public void What_nobody_can_have_drawn_is_refused_and_changes_nothing()
    {
        var state = new ExtremaState(Bytes);
        state.TryContribute(new AggregateInput(5, Seed: 1));
        var before = Wire(state);
        double[] least = [.. Enumerable.Repeat(ExtremaKernel.LeastDraw / 1000, K)];
        double[][] lies =
        [
            [double.NaN, .. Fine(K - 1)], [-1, .. Fine(K - 1)], [0, .. Fine(K - 1)], [1e-300, .. Fine(K - 1)],
            [double.PositiveInfinity, .. Fine(K - 1)], Fine(K - 1), Fine(K + 1), [],
            // Each of them may be somebody's, all together are those of too many.
            least,
        ];
        foreach (var lie in lies)
        {
            Assert.False(state.TryApply(Encoded(1, lie)), string.Join(' ', lie));
            var answer = new WireWriter(new byte[state.MaximumBytes]);
            Assert.False(state.TryAnswer(Encoded(1, lie), ref answer));
            Assert.Equal(0, answer.Position);
        }

        Assert.False(state.TryApply(Encoded(2, Fine(K))));
        var tight = new WireWriter(new byte[state.MaximumBytes - 1]);
        Assert.False(state.TryAnswer(Encoded(1, Fine(K)), ref tight));
        Assert.Equal(before, Wire(state));
        Assert.True(state.TryApply(Encoded(1, Fine(K))));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var (one, two) = (new ExtremaState(Bytes), new ExtremaState(Bytes));
        one.TryContribute(new AggregateInput(5, Seed: 1));
        var (request, answer) = (new byte[one.MaximumBytes], new byte[one.MaximumBytes]);
        void Exchange(int i)
        {
            two.Clear();
            two.TryContribute(new AggregateInput(7, Seed: (ulong)i));
            var writer = new WireWriter(request);
            one.WriteRequest(ref writer);
            var answering = new WireWriter(answer);
            Assert.True(two.TryAnswer(request, ref answering) && one.TryApply(answer));
        }

        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Exchange(i);
            }
        }));
    }

    private static double[] Fine(int count) => [.. Enumerable.Repeat(0.25, count)];

    private static byte[] Encoded(byte known, double[] minima)
    {
        var writer = new WireWriter(new byte[1 + (4 * minima.Length)]);
        writer.WriteByte(known);
        foreach (var minimum in minima)
        {
            writer.WriteUInt32((uint)(BitConverter.DoubleToUInt64Bits(minimum) >> 32));
        }

        return writer.Written.ToArray();
    }

    private static byte[] Wire(ExtremaState state) => AggregationScenarios.Bytes(state);

    private static ExtremaState Merged(ExtremaState one, ExtremaState other)
    {
        var merged = new ExtremaState(Bytes);
        Assert.True(merged.TryApply(Wire(one)));
        Assert.True(merged.TryApply(Wire(other)));
        return merged;
    }
}
