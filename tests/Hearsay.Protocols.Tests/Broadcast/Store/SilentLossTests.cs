using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Tests.Broadcast.Store;

public sealed class SilentLossTests
{
    private const int Looks = 3;
    private const ulong Largest = 1000;

    [Fact]
    public void What_was_told_is_not_counted_again_and_nothing_else_is_hidden()
    {
        var silent = Told(end: 50, to: 60);
        Assert.Equal(0ul, silent.ToldBetween(39, 46));
        Assert.Equal(10ul, silent.ToldBetween(50, 70));
        Assert.Equal(4ul, silent.ToldBetween(50, 55));
        Assert.Equal(5ul, silent.ToldBetween(55, 70));
        Assert.Equal(0ul, silent.ToldBetween(60, 70));
        Assert.Equal(60ul, silent.Highest(50));
    }

    [Fact]
    public void What_goes_further_is_told_as_far_as_it_is_new()
    {
        var silent = Told(end: 50, to: 60);
        silent.Note(63, 50, Largest, Instant.Zero);
        Assert.Equal([0, 0, 0, 3, 0], Look(ref silent, 50));
        Assert.Equal(13ul, silent.ToldBetween(50, 64));

        // After a message that came, the next loss is one of its own.
        silent.Note(70, 65, Largest, Instant.Zero);
        Assert.Equal([0, 0, 0, 0, 5], Look(ref silent, 65));
        Assert.Equal(0ul, silent.ToldBetween(50, 64));
        Assert.Equal(5ul, silent.ToldBetween(65, 71));
    }

    [Fact]
    public void A_message_of_those_that_were_told_makes_the_others_count_as_ever()
    {
        var silent = Told(end: 50, to: 900);
        Assert.Equal([0, 0, 0, 0, 0], Look(ref silent, 51));
        Assert.Equal(0ul, silent.ToldBetween(51, 900));
    }

    [Fact]
    public void While_more_comes_and_beyond_what_can_be_nothing_is_told()
    {
        var silent = default(SilentLoss);
        silent.Note(60, 50, Largest, Instant.Zero);
        for (ulong end = 50; end < 60; end++)
        {
            Assert.Equal(0ul, silent.Look(end, 0));
        }

        silent.Note(60 + Largest + 1, 60, Largest, Instant.Zero);
        Assert.Equal([0, 0, 0, 0, 0], Look(ref silent, 60));
    }

    private static SilentLoss Told(ulong end, ulong to)
    {
        var silent = default(SilentLoss);
        silent.Look(end, Looks);
        silent.Note(to, end, Largest, Instant.Zero);
        Assert.Equal([0, 0, 0, to - end, 0], Look(ref silent, end));
        return silent;
    }

    private static ulong[] Look(ref SilentLoss silent, ulong end)
    {
        var told = new ulong[5];
        for (var i = 0; i < told.Length; i++)
        {
            told[i] = silent.Look(end, Looks);
        }

        return told;
    }
}
