using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Tests.Aggregation.Epochs;

public sealed class EpochClockTests
{
    private static readonly TimeSpan Cycle = AggregationSwarm.Cycle;

    [Fact]
    public void Epochs_follow_each_other_without_drift_however_late_a_node_looks()
    {
        var clock = Begun();
        clock.Next(At(30.7));
        Assert.Equal((2, At(60)), (clock.Epoch, clock.Ends));
        Assert.Equal(0.7 * Cycle, clock.Elapsed(At(30.7)));
    }

    [Fact]
    public void A_later_epoch_is_joined_at_its_beginning_and_waited_out_later()
    {
        var (early, late) = (Begun(), Begun());
        early.Jump(2, 2 * Cycle, At(29));
        late.Jump(2, 9 * Cycle, At(29));
        Assert.Equal((EpochPhase.Running, At(57)), (early.Phase, early.Ends));
        Assert.Equal((EpochPhase.Waiting, At(50)), (late.Phase, late.Ends));
    }

    [Fact]
    public void A_jump_out_of_an_unfinished_epoch_is_granted_once_in_a_while()
    {
        var clock = Begun();
        Assert.Equal(EpochVerdict.Ahead, clock.Judge(3, isAsked: true, At(5)));
        clock.Jump(3, TimeSpan.Zero, At(5));
        Assert.Equal(EpochVerdict.Early, clock.Judge(4, isAsked: true, At(6)));
        Assert.Equal(EpochVerdict.Early, clock.Judge(4, isAsked: true, At(32.9)));
        Assert.Equal(EpochVerdict.Ahead, clock.Judge(4, isAsked: true, At(33.1)));
        clock.Next(At(35));
        Assert.Equal(EpochVerdict.Early, clock.Judge(5, isAsked: true, At(40)));
        clock.Next(At(65));
        clock.Next(At(95));
        clock.Next(At(125));
        Assert.Equal(EpochVerdict.Ahead, clock.Judge(8, isAsked: true, At(126)));
    }

    [Fact]
    public void A_jump_to_the_end_of_an_epoch_does_not_open_the_way_to_the_next_one()
    {
        var clock = Begun();
        clock.Jump(2, 29.9 * Cycle, At(29));
        Assert.Equal(EpochPhase.Waiting, clock.Phase);
        Assert.Equal(EpochVerdict.Ahead, clock.Judge(3, isAsked: true, At(29.05)));
        clock.Jump(3, 29.9 * Cycle, At(29.05));
        Assert.Equal(EpochVerdict.Early, clock.Judge(4, isAsked: true, At(29.1)));
    }

    [Theory]
    [InlineData(17, true)]
    [InlineData(18, false)]
    [InlineData(long.MaxValue, false)]
    public void A_jump_is_bounded(long epoch, bool follows) =>
        Assert.Equal(follows ? EpochVerdict.Ahead : EpochVerdict.Far, Begun().Judge(epoch, isAsked: true, At(29)));

    [Fact]
    public void Others_may_move_the_end_of_an_epoch_by_a_sixteenth()
    {
        var clock = Begun();
        clock.Align(10.5 * Cycle, At(10));
        Assert.Equal(At(29.5), clock.Ends);
        for (var i = 0; i < 100; i++)
        {
            clock.Align(29.9 * Cycle, At(11));
        }

        Assert.Equal(At(30 - (30 / 16.0)), clock.Ends);
        clock.Align(TimeSpan.Zero, At(12));
        Assert.Equal(At(30 - (30 / 16.0)), clock.Ends);
    }

    [Fact]
    public void Two_of_three_partners_outvote_a_liar()
    {
        var heard = new EpochHearsay();
        heard.Add(new NodeId(1, 1), EpochClock.LastAdopted, TimeSpan.Zero, At(1));
        heard.Add(new NodeId(1, 2), 7, Cycle, At(2));
        Assert.Equal((7L, 2 * Cycle), heard.Middle(At(3)));
        heard.Add(new NodeId(1, 3), 8, Cycle, At(2));
        heard.Add(new NodeId(1, 1), EpochClock.LastAdopted, TimeSpan.Zero, At(3));
        Assert.Equal(8, heard.Middle(At(3)).Epoch);
        Assert.Equal(3, heard.Count);
    }

    [Theory]
    [InlineData(EpochClock.LastAdopted + 1)]
    [InlineData(EpochClock.LastEpoch)]
    [InlineData(long.MaxValue)]
    public void An_epoch_near_the_end_of_the_range_is_not_even_heard(long epoch)
    {
        var heard = new EpochHearsay();
        heard.Add(new NodeId(1, 1), epoch, TimeSpan.Zero, At(1));
        Assert.Equal(0, heard.Count);
    }

    [Theory]
    [InlineData(2, 5, false)]
    [InlineData(2, 28.5, true)]
    [InlineData(3, 28.5, false)]
    public void Who_was_not_asked_is_followed_to_the_next_epoch_only_and_when_this_one_is_done(
        long epoch, double at, bool follows) => Assert.Equal(
            follows ? EpochVerdict.Ahead : EpochVerdict.Early, Begun().Judge(epoch, isAsked: false, At(at)));

    [Fact]
    public void A_joiner_takes_part_in_an_epoch_that_has_only_begun_and_waits_out_another()
    {
        var (early, late) = (new EpochClock(AggregationSwarm.Options), new EpochClock(AggregationSwarm.Options));
        early.Join(7, 3 * Cycle, At(0));
        late.Join(7, 3.1 * Cycle, At(0));
        Assert.Equal((EpochPhase.Running, EpochPhase.Waiting), (early.Phase, late.Phase));
        Assert.Equal(At(27), early.Ends);
    }

    [Fact]
    public void Who_lost_everybody_goes_on_counting_where_it_was()
    {
        var clock = Begun();
        clock.Next(At(30));
        clock.Rejoin();
        clock.Begin(At(40));
        Assert.Equal((3, EpochPhase.Running, At(70)), (clock.Epoch, clock.Phase, clock.Ends));
    }

    private static EpochClock Begun()
    {
        var clock = new EpochClock(AggregationSwarm.Options);
        clock.Begin(At(0));
        return clock;
    }

    private static Instant At(double cycles) => new((long)Math.Round(cycles * Cycle.Ticks));
}
