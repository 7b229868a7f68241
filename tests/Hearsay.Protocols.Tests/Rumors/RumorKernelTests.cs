using CsCheck;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Protocols.Tests.Rumors;

public sealed class RumorKernelTests
{
    private static readonly RumorOptions s_counter = new() { Mode = RumorMode.Push, K = 3 };

    private static readonly Gen<RumorOptions> s_options =
        from mode in Gen.Enum<RumorMode>()
        from feedback in Gen.Bool
        from interest in Gen.Enum<RumorInterest>()
        from k in Gen.Int[1, RumorOptions.LargestK]
        from minimise in Gen.Bool
        from push in Gen.Int[1, 64]
        select new RumorOptions
        {
            Mode = mode, Feedback = feedback, Interest = interest, K = k, Minimise = minimise, PushCycles = push,
        };

    private static readonly Gen<RumorTally> s_tally =
        from a in Gen.UShort[0, 3]
        from b in Gen.UShort[0, 3]
        from c in Gen.UShort[0, 3]
        from d in Gen.UShort[0, 3]
        from e in Gen.UShort[0, 3]
        from f in Gen.Bool
        select new RumorTally(a, b, c, d, e, f);

    [Fact]
    public void A_rumor_only_ever_grows_colder_and_older_and_ends()
    {
        Gen.Select(s_options, s_tally.List[150], Gen.ULong).Sample((options, tallies, seed) =>
        {
            var random = new SeededRandom(seed);
            var state = default(RumorState);
            Assert.True(RumorKernel.Hear(options, ref state, 1, 0));
            Assert.Equal(RumorPhase.Fresh, state.Phase);
            foreach (var tally in tallies)
            {
                var before = state;
                RumorKernel.EndCycle(options, ref state, tally, ref random);
                Assert.True(state.Phase >= before.Phase);
                Assert.Equal(before.Age + 1, state.Age);
                Assert.True(state.Counter <= (2 * options.K) + 1);
                Assert.Equal(state.Phase == RumorPhase.Hot && options.Mode != RumorMode.Pull,
                    RumorKernel.Tells(options, state));
            }

            Assert.Equal(RumorPhase.Removed, state.Phase);
            Assert.False(RumorKernel.Keeps(options, state));
        }, iter: 300);
    }

    [Fact]
    public void Who_learned_it_in_this_cycle_counts_as_one_that_did_not_know()
    {
        var state = default(RumorState);
        RumorKernel.Hear(s_counter, ref state, 0, 5);
        Assert.False(state.Knew);
        Assert.False(RumorKernel.Tells(s_counter, state));
        Assert.False(RumorKernel.Hear(s_counter, ref state, 0, 1));
        var random = new SeededRandom(1);
        RumorKernel.EndCycle(s_counter, ref state, default, ref random);
        Assert.Equal(new RumorState(RumorPhase.Hot, 0, 6), state);
    }

    [Fact]
    public void Only_unnecessary_cycles_in_a_row_end_interest()
    {
        var (random, state) = (new SeededRandom(1), RumorKernel.Begin(s_counter));
        var (useful, useless) = (new RumorTally { Useful = 1, Useless = 2 }, new RumorTally { Useless = 2 });
        foreach (var tally in new[] { useless, useless, useful, useless, default, useless })
        {
            RumorKernel.EndCycle(s_counter, ref state, tally, ref random);
            Assert.Equal(RumorPhase.Hot, state.Phase);
        }

        RumorKernel.EndCycle(s_counter, ref state, useless, ref random);
        Assert.Equal(RumorPhase.Removed, state.Phase);
    }

    [Fact]
    public void Blind_nodes_count_contacts_that_nobody_answered()
    {
        var blind = s_counter with { Feedback = false, K = 1 };
        var (random, state) = (new SeededRandom(1), RumorKernel.Begin(blind));
        RumorKernel.EndCycle(blind, ref state, default, ref random);
        Assert.Equal(RumorPhase.Hot, state.Phase);
        RumorKernel.EndCycle(blind, ref state, new RumorTally { Contacts = 1 }, ref random);
        Assert.Equal(RumorPhase.Removed, state.Phase);
    }

    [Fact]
    public void A_coin_ends_interest_once_in_k()
    {
        var coin = s_counter with { Interest = RumorInterest.Coin, K = 4 };
        var (random, ended) = (new SeededRandom(1), 0);
        for (var i = 0; i < 10_000; i++)
        {
            var state = RumorKernel.Begin(coin);
            RumorKernel.EndCycle(coin, ref state, new RumorTally { Useless = 1 }, ref random);
            ended += state.Phase == RumorPhase.Removed ? 1 : 0;
        }

        // 2,500 with a standard deviation of 43.
        Assert.InRange(ended, 2_330, 2_670);
    }

    [Theory]
    [InlineData(2, 3, 1)]
    [InlineData(3, 3, 1)]
    [InlineData(4, 3, 0)]
    public void Minimisation_lets_only_the_smaller_counter_grow(byte own, byte other, int useless)
    {
        var tally = default(RumorTally);
        RumorKernel.Judge(
            s_counter with { Minimise = true }, ref tally, new RumorState(RumorPhase.Hot, own, 1), false, other);
        Assert.Equal(useless, tally.Useless);
    }

    [Fact]
    public void Median_counter_goes_up_with_the_majority_and_ends_after_its_final_rounds()
    {
        var median = s_counter with { Mode = RumorMode.MedianCounter, K = 2 };
        var (random, state) = (new SeededRandom(1), RumorKernel.Begin(median));
        RumorKernel.EndCycle(median, ref state, new RumorTally { Higher = 1, Lower = 1 }, ref random);
        Assert.Equal(1, state.Counter);
        RumorKernel.EndCycle(median, ref state, new RumorTally { Higher = 2, Lower = 1 }, ref random);
        Assert.Equal(2, state.Counter);
        RumorKernel.EndCycle(median, ref state, new RumorTally { Lower = 9, MetFinal = true }, ref random);
        Assert.Equal((3, RumorPhase.Hot), (state.Counter, state.Phase));
        RumorKernel.EndCycle(median, ref state, default, ref random);
        Assert.Equal((4, RumorPhase.Hot), (state.Counter, state.Phase));
        RumorKernel.EndCycle(median, ref state, default, ref random);
        Assert.Equal(RumorPhase.Removed, state.Phase);
    }

    [Theory]
    [InlineData(1_000, 8)]
    [InlineData(10_000, 11)]
    [InlineData(1_000_000, 17)]
    public void The_push_phase_is_the_logarithm_of_n_over_ln_n(int nodes, int cycles)
    {
        Assert.Equal(cycles, RumorOptions.PushCyclesFor(nodes));
        Assert.Equal(cycles + 1, RumorOptions.PushCyclesFor(nodes, isLossy: true));
    }

    [Fact]
    public void Options_out_of_range_are_named_with_their_range()
    {
        Assert.Empty(new RumorOptions().Errors());
        var errors = new RumorOptions
        {
            K = 0, Fanout = 65, MemoryCapacity = 3_199, CycleTime = TimeSpan.Zero, LiveCapacity = 0,
        }.Errors();
        Assert.Equal(5, errors.Count);
        Assert.Contains("K must be from 1 to 100, not 0.", errors);
        Assert.Throws<ArgumentException>(() => new RumorProtocol(new RumorOptions { K = 101 }));
    }
}
