using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Tests.Broadcast.Store;

public sealed class SequenceRangesTests
{
    [Fact]
    public void A_gap_that_is_given_up_for_want_of_room_is_counted()
    {
        var ranges = Full(default);
        Assert.Equal(0ul, ranges.GivenUp);

        Assert.Equal(1, ranges.Add(1_000_000, default));
        Assert.Equal(SequenceRanges.Capacity, ranges.Count);
        Assert.Equal(5ul, ranges.GivenUp);
    }

    [Fact]
    public void What_was_told_as_lost_is_not_counted_again_when_its_gap_is_given_up()
    {
        var told = default(SilentLoss);
        told.Look(10, 0);
        told.Note(14, 10, 1000, Instant.Zero);
        Assert.Equal(4ul, told.Look(10, 0));

        var ranges = Full(told);
        Assert.Equal(1, ranges.Add(1_000_000, told));
        Assert.True(ranges.Contains(12));
        Assert.Equal(1ul, ranges.GivenUp);
    }

    /// <summary>As many ranges as there is room for; the smallest gap has the numbers 11 to 15.</summary>
    private static SequenceRanges Full(in SilentLoss told)
    {
        var ranges = new SequenceRanges();
        ranges.Add(10, told);
        for (var i = 0; i < SequenceRanges.Capacity - 1; i++)
        {
            Assert.Equal(0, ranges.Add(16 + (20ul * (ulong)i), told));
        }

        return ranges;
    }
}
