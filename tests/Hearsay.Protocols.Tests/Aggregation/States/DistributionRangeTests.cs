using CsCheck;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Tests.Aggregation.States;

/// <summary>Values of any size: right, or with an error that says that they are not.</summary>
public sealed class DistributionRangeTests
{
    private static readonly AggregateDefinition Unbounded = new("x", AggregateKind.Quantiles);

    [Theory]
    [InlineData(1e-7)]
    [InlineData(0.003)]
    [InlineData(1)]
    [InlineData(8e9)]
    [InlineData(1e16)]
    [InlineData(-8e9)]
    [InlineData(-2e-8)]
    public void Without_bounds_values_of_26_powers_of_ten_keep_their_accuracy(double value)
    {
        var state = With(Unbounded, value, 1.1 * value, 1.2 * value);
        Assert.Equal(1.1 * value, state.Value, Math.Abs(0.0101 * 1.1 * value));
        Assert.Equal(Math.Abs(0.01 * state.Value), state.MethodError, Math.Abs(1e-6 * value));
    }

    [Theory]
    [InlineData(1e18, double.PositiveInfinity)]
    [InlineData(-1e18, double.NegativeInfinity)]
    public void A_quantile_that_is_out_of_range_is_infinite_and_not_ready(double value, double expected)
    {
        var state = With(Unbounded, value, 2 * value, 1);
        Assert.Equal(expected, state.Value);
        Assert.Equal(double.PositiveInfinity, state.MethodError);
        // A few outliers do not spoil the rest.
        Assert.Equal(1, With(Unbounded, value, 1, 1).Value, 0.0101);
    }

    [Fact]
    public void What_is_smaller_than_the_smallest_bucket_is_zero_and_may_be_off_by_that_bucket()
    {
        var state = With(Unbounded, 1e-12, 1e-12, 1e-12);
        Assert.Equal(0, state.Value);
        Assert.InRange(state.MethodError, 1e-12, 1e-8);
    }

    [Theory]
    [InlineData(0, 1e12, 0.005, 8e9)]
    [InlineData(0, 1, null, 3e-7)]
    [InlineData(0, 1, null, 1)]
    [InlineData(-1e3, 1e15, null, 1e15)]
    [InlineData(5, 7, null, 5.5)]
    [InlineData(1e90, 1e100, null, 2e95)]
    [InlineData(0, 1e-300, null, 1e-300)]
    public void With_bounds_the_range_lies_below_the_larger_of_them(
        double low, double high, double? precision, double value)
    {
        var definition = Unbounded with { Minimum = low, Maximum = high, Precision = precision };
        var state = With(definition, value, value, value);
        Assert.Equal(value, state.Value, state.MethodError * 1.02);
        Assert.InRange(state.MethodError, 0, Math.Max(0.0101 * value, 1e-289));
    }

    [Fact]
    public void The_error_of_a_histogram_is_half_a_bin() => Assert.Equal(0.5, With(
        new AggregateDefinition("h", AggregateKind.Histogram) { Minimum = 0, Maximum = 8, Precision = 8 },
        3.2, 3.3, 3.4).MethodError);

    [Fact]
    public void A_few_values_take_a_few_bytes_however_far_apart_they_are()
    {
        var state = With(Unbounded, -1e9, 1e-6, 1e12);
        Assert.InRange(AggregationScenarios.Bytes(state).Length, 1, 100);
        Assert.InRange(state.MaximumBytes, 20_000, 24_100);
    }

    /// <summary>Numbers are rounded on their way, on both sides alike.</summary>
    [Fact]
    public void An_exchange_conserves_every_cell_and_brings_it_together_or_leaves_it_for_the_next()
    {
        var values = Gen.Double[-1e12, 1e12].Array[1, 40];
        Gen.Select(values, values).Sample((one, other) =>
        {
            var (a, b) = (With(Unbounded, one), With(Unbounded, other));
            var (beforeA, beforeB) = (a.Cells.ToArray(), b.Cells.ToArray());
            var answer = new WireWriter(new byte[b.MaximumBytes]);
            Assert.True(b.TryAnswer(AggregationScenarios.Bytes(a), ref answer));
            Assert.InRange(answer.Position, 10, a.MaximumBytes);
            Assert.True(a.TryApply(answer.Written));
            for (var i = 0; i < beforeA.Length; i++)
            {
                var sum = beforeA[i] + beforeB[i];
                Assert.Equal(sum, a.Cells[i] + b.Cells[i], 1e-12);
                Assert.True(
                    Math.Abs(a.Cells[i] - b.Cells[i]) <= 1e-6 * sum
                    || (a.Cells[i], b.Cells[i]) == (beforeA[i], beforeB[i]), $"cell {i}");
            }

            Assert.NotEqual(beforeA, a.Cells.ToArray());
        }, iter: 100);
    }

    /// <summary>Each exchange averages what fits, and the next ones the rest.</summary>
    [Fact]
    public void Where_an_answer_has_little_room_cells_take_turns()
    {
        double[] far = [.. Enumerable.Range(0, 200).Select(i => Math.Pow(1.5, i - 40))];
        var (few, many) = (With(Unbounded, 1.0), With(Unbounded, far));
        var sum = few.Cells.ToArray().Zip(many.Cells.ToArray(), (x, y) => x + y).ToArray();
        var rounds = 0;
        for (; rounds < 200 && few.Cells.ToArray().Zip(many.Cells.ToArray()).Any(c => c.First != c.Second); rounds++)
        {
            var request = AggregationScenarios.Bytes(few);
            var answer = new WireWriter(new byte[Math.Min(request.Length, 150)]);
            Assert.True(many.TryAnswer(request, ref answer));
            Assert.True(few.TryApply(answer.Written));
            Assert.False(answer.Failed);
        }

        Assert.InRange(rounds, 8, 100);
        Assert.Equal(sum, few.Cells.ToArray().Zip(many.Cells.ToArray(), (x, y) => x + y));
    }

    [Fact]
    public void Random_and_malformed_runs_change_nothing()
    {
        var state = With(Unbounded, 1, 2, 3);
        var before = state.Cells.ToArray();
        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            var answer = new WireWriter(new byte[state.MaximumBytes]);
            var isTaken = state.TryAnswer(bytes, ref answer);
            Assert.True(isTaken || before.AsSpan().SequenceEqual(state.Cells));
            state.TryCopy(AggregationScenarios.Bytes(With(Unbounded, 1, 2, 3)));
            before = state.Cells.ToArray();
        }, threads: 1);
        foreach (var (first, count, second) in ((ushort, ushort, ushort)[])[(10, 2, 11), (10, 0, 20), (5999, 9, 7000)])
        {
            var writer = new WireWriter(new byte[200]);
            writer.WriteDouble(1);
            writer.WriteUInt16(2);
            foreach (var start in (ushort[])[first, second])
            {
                writer.WriteUInt16(start);
                writer.WriteUInt16(count);
                writer.WriteZeros(sizeof(float) * count);
            }

            Assert.False(state.TryApply(writer.Written));
        }
    }

    [Fact]
    public void A_variance_that_rounding_has_eaten_says_so()
    {
        var plain = new AggregateDefinition("v", AggregateKind.Variance);
        var (value, error) = Variance(plain, 1e8, 1e8 + 1, 1e8 + 2);
        Assert.InRange(Math.Abs(value - (2 / 3.0)), 0, error);
        Assert.InRange(error, 0.1, 100);
        // Around the middle of bounds nothing is lost.
        (value, error) = Variance(plain with { Minimum = 9e7, Maximum = 1.1e8 }, 1e8, 1e8 + 1, 1e8 + 2);
        Assert.Equal(2 / 3.0, value, 1e-9);
        Assert.InRange(error, 0, 1e-9);
        (value, error) = Variance(plain, 1, 2, 3);
        Assert.Equal(2 / 3.0, value, 1e-12);
        Assert.InRange(error, 0, 1e-12);
    }

    [Fact]
    public void The_error_of_a_variance_covers_what_rounding_does_in_a_network()
    {
        var definition = new AggregateDefinition("v", AggregateKind.Variance);
        var swarm = new AggregationSwarm(30, value: (i, _) => 1e8 + i);
        var id = swarm.DefineEverywhere(definition);
        swarm.RunToEpoch(3);
        var truth = ((30 * 30) - 1) / 12.0;
        var finals = swarm.Finals(id, 2).ToArray();
        Swarm.Say($"{truth:f2}: {finals.Min(f => f.Value):f2} to {finals.Max(f => f.Value):f2} ± {finals[0].Error:f2}");
        Assert.All(finals, f => Assert.InRange(Math.Abs(f.Value - truth), 0, 2 * f.Error));
    }

    private static (double Value, double Error) Variance(AggregateDefinition definition, params double[] values)
    {
        var layout = new MomentLayout(definition);
        var (sum, cells) = (new double[3], new double[3]);
        foreach (var value in values)
        {
            Assert.True(layout.TryFill(new AggregateInput(value), cells));
            for (var i = 0; i < 3; i++)
            {
                sum[i] += cells[i] / values.Length;
            }
        }

        return (layout.ValueOf(sum), layout.RoundingErrorOf(sum));
    }

    private static VectorState With(AggregateDefinition definition, params double[] values)
    {
        definition.ThrowIfInvalid();
        var state = new VectorState(definition);
        Assert.True(state.TryContribute(new AggregateInput(double.NaN, Values: values)));
        return state;
    }
}
