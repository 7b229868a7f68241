namespace Hearsay.Protocols.Tests.Dissemination.Rumors;

public sealed class RumorAllocationTests
{
    [Theory]
    [InlineData(RumorMode.Push)]
    [InlineData(RumorMode.Pull)]
    [InlineData(RumorMode.PushPull)]
    [InlineData(RumorMode.PushThenPull)]
    [InlineData(RumorMode.MedianCounter)]
    public void Cycles_with_hot_rumors_allocate_nothing(RumorMode mode)
    {
        // Interest is not lost, so that everything goes on; push-then-pull is quiet after its push phase, but asks.
        var options = new RumorOptions
        {
            Mode = mode, K = 100, PushCycles = 64, MaximumAgeCycles = 4_000, NewPerCycle = 1,
            CycleTime = TimeSpan.FromMilliseconds(10), Staggered = false, Digests = true,
        };
        var ring = new RumorRing(8, options);
        for (var i = 0; i < 4; i++)
        {
            ring.Say(i, new byte[300]);
        }

        for (var i = 0; i < 40; i++)
        {
            ring.Round(options.CycleTime);
        }

        Assert.All(Enumerable.Range(0, 8), node => Assert.Equal(4, ring[node].KnownCount));
        var messages = Messages(ring);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
        {
            ring.Round(options.CycleTime);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(Messages(ring) - messages >= 8 * 50, "Something went on meanwhile.");
    }

    [Fact]
    public void A_new_rumor_costs_its_text_and_its_event_and_no_more()
    {
        var options = new RumorOptions { CycleTime = TimeSpan.FromMilliseconds(10),
            MemoryTime = TimeSpan.FromSeconds(2) };
        var ring = new RumorRing(4, options);
        void Spread(int rumors)
        {
            for (var i = 0; i < rumors; i++)
            {
                ring.Say(i % 4, new byte[100]);
                for (var cycle = 0; cycle < 20; cycle++)
                {
                    ring.Round(options.CycleTime);
                }
            }
        }

        Spread(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Spread(100);
        var perHearing = (GC.GetAllocatedBytesForCurrentThread() - before) / 400.0;

        // A text of 100 bytes is an object of 128, the event one of about 80; and the command's own copy.
        Assert.InRange(perHearing, 100, 300);
    }

    private static long Messages(RumorRing ring) => Enumerable.Range(0, 8).Sum(node =>
        ring[node].Counters.CopiesSent + ring[node].Counters.RequestsSent);
}
