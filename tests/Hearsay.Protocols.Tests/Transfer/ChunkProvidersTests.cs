using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Tests.Transfer;

public sealed class ChunkProvidersTests
{
    private const uint Up = 0b1111;

    [Fact]
    public void Those_come_first_who_hold_it_or_had_its_manifest_earlier()
    {
        var providers = new ChunkProviders(0b0010);
        Assert.Equal(0b0010u, providers.ToAsk(Up, isRetry: false));
        Assert.True(providers.NoteHolds(3));
        Assert.Equal(0b1010u, providers.ToAsk(Up, isRetry: false));
        Assert.Equal((true, false, false),
            (providers.MayWaitFor(1), providers.MayWaitFor(3), providers.MayWaitFor(0)));
    }

    [Fact]
    public void Nobody_is_asked_twice_before_everybody_was_tried()
    {
        var providers = new ChunkProviders(0b0011);
        var asked = new List<uint>();
        while (providers.ToAsk(Up, isRetry: true) is not 0 and var slots)
        {
            var lowest = slots & (~slots + 1);
            asked.Add(lowest);
            providers.NoteLate(lowest);
        }

        // Who had the manifest earlier may have to be waited for, so the others are tried before.
        Assert.Equal([0b0100u, 0b1000u, 0b0001u, 0b0010u], asked);
        providers.BeginRoundIfOver(Up, Instant.Zero);
        Assert.Equal(0u, providers.Failed);
    }

    [Fact]
    public void A_round_ends_when_all_have_failed_and_rounds_that_bring_nothing_become_rare()
    {
        var providers = new ChunkProviders(0);
        providers.NoteLate(Up & 0b0111);
        providers.BeginRoundIfOver(Up, Instant.Zero);
        Assert.Equal(0b0111u, providers.Failed);
        var begun = new List<double>();
        for (var now = Instant.Zero; now < Instant.Zero + TimeSpan.FromSeconds(16); now += TimeSpan.FromSeconds(0.25))
        {
            providers.NoteLate(Up);
            providers.BeginRoundIfOver(Up, now);
            if (providers.Failed == 0)
            {
                begun.Add((now - Instant.Zero).TotalSeconds);
            }
        }

        Assert.Equal([0, 0.25, 0.75, 1.75, 3.75, 7.75, 11.75, 15.75], begun);
    }

    [Fact]
    public void Who_claims_to_hold_it_again_and_again_does_not_keep_others_out()
    {
        var providers = new ChunkProviders(0);
        Assert.True(providers.NoteHolds(2));
        providers.NoteLate(0b0100);
        Assert.False(providers.NoteHolds(2));
        Assert.Equal(0b1011u, providers.ToAsk(Up, isRetry: true));
        providers.NoteLacks(2);
        Assert.False(providers.NoteHolds(2));
        Assert.Equal(0b1011u, providers.ToAsk(Up, isRetry: true));
    }

    [Fact]
    public void Another_neighbour_in_the_same_slot_inherits_nothing()
    {
        var providers = new ChunkProviders(0b0001);
        providers.NoteHolds(0);
        providers.NoteLate(0b0001);
        providers.Forget(0);
        Assert.Equal((0u, 0u, 0u, 0), (
            providers.Holders, providers.Earlier, providers.Failed, providers.Timeouts(0)));
        Assert.True(providers.NoteHolds(0));
    }
}
