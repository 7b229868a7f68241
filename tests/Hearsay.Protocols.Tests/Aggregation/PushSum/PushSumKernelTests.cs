using CsCheck;
using Hearsay.Protocols.Aggregation.PushSum;

namespace Hearsay.Protocols.Tests;

public class PushSumKernelTests
{
    private static readonly Gen<(int From, int To, bool Lost)[]> Messages =
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Bool).Array[0, 60];

    [Fact]
    public void Sum_and_weight_are_conserved_and_the_estimates_close_in() => Messages.Sample(messages =>
    {
        double[] sums = [5, -1, 0, 7, 4], weights = [1, 1, 1, 1, 1];
        foreach (var (from, to, _) in messages)
        {
            var (sum, weight) = PushSumKernel.Halve(ref sums[from], ref weights[from]);
            PushSumKernel.Absorb(ref sums[to], ref weights[to], sum, weight);
        }

        Assert.Equal(15, sums.Sum(), 1e-12);
        Assert.Equal(5, weights.Sum(), 1e-12);
        return sums.Zip(weights).All(pair => PushSumKernel.Estimate(pair.First, pair.Second) is >= -1 and <= 7);
    });

    [Fact]
    public void Without_weight_there_is_no_estimate_and_what_is_no_half_is_refused()
    {
        Assert.True(double.IsNaN(PushSumKernel.Estimate(0, 0)));
        Assert.True(double.IsNaN(PushSumKernel.Estimate(1, double.Epsilon)));
        Assert.True(PushSumKernel.IsValid(-3, 0));
        Assert.False(PushSumKernel.IsValid(double.NaN, 1));
        Assert.False(PushSumKernel.IsValid(1, -1));
        Assert.False(PushSumKernel.IsValid(1, double.PositiveInfinity));
    }

    [Fact]
    public void Running_sums_deliver_what_was_lost_with_the_next_message() => Messages.Sample(messages =>
    {
        double[] held = [5, -1, 0, 7, 4];
        var (running, seen) = (new double[5, 5], new double[5, 5]);
        void Send(int from, int to, bool lost)
        {
            RunningSumKernel.Send(ref held[from], ref running[from, to]);
            if (!lost)
            {
                RunningSumKernel.Receive(ref held[to], ref seen[from, to], running[from, to]);
            }
        }

        Array.ForEach(messages, message => Send(message.From, message.To, message.Lost));
        foreach (var (from, to, _) in messages)
        {
            // Doubled messages: each states the same sum again.
            RunningSumKernel.Receive(ref held[to], ref seen[from, to], running[from, to]);
            RunningSumKernel.Receive(ref held[to], ref seen[from, to], running[from, to]);
        }

        return Math.Abs(held.Sum() - 15) < 1e-12;
    });

    [Fact]
    public void Control_a_receiver_that_adds_the_whole_sum_makes_mass()
    {
        var (held, running, got) = (8.0, 0.0, 0.0);
        for (var i = 0; i < 3; i++)
        {
            RunningSumKernel.Send(ref held, ref running);
            got += running;
        }

        Assert.NotEqual(8, held + got);
    }
}
