namespace Hearsay.Protocols.Tests.Rumors;

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
        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                ring.Round(options.CycleTime);
            }
        }));
        Assert.True(Messages(ring) - messages >= 8 * 50, "Something went on meanwhile.");
    }

    [Fact]
    public void A_new_rumor_costs_its_text_and_its_event_and_no_more()
    {
        // The memory is a ring of 256 places, all made once 300 rumors have passed.
        var options = new RumorOptions
        {
            CycleTime = TimeSpan.FromMilliseconds(10), MemoryTime = TimeSpan.FromSeconds(2), NewPerCycle = 2,
            MemoryCapacity = 256, LiveCapacity = 100,
        };
        var ring = new RumorRing(4, options);
        byte[][] texts = [.. Enumerable.Range(0, 100).Select(_ => new byte[100])];
        void Spread()
        {
            for (var i = 0; i < texts.Length; i++)
            {
                ring.Say(i % 4, texts[i]);
                for (var cycle = 0; cycle < 20; cycle++)
                {
                    ring.Round(options.CycleTime);
                }
            }
        }

        Spread();
        Spread();
        Spread();

        // Every node copies the text, and those that did not begin the rumor are told.
        var (textBytes, eventBytes) = (
            SteadyState.Bytes(() => GC.KeepAlive(new byte[100])),
            SteadyState.Bytes(() => GC.KeepAlive(new RumorHeard(default, default, 0))));
        var least = long.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var (heard, before) = (Heard(ring), GC.GetAllocatedBytesForCurrentThread());
            Spread();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            heard = Heard(ring) - heard;
            Assert.InRange(heard, 280, 300);
            least = Math.Min(least, allocated - ((heard + texts.Length) * textBytes) - (heard * eventBytes));
        }

        // The runtime may allocate once; what a rumor costs it costs each time.
        Assert.Equal(0, least);
    }

    private static long Heard(RumorRing ring) => Enumerable.Range(0, 4).Sum(node => ring[node].Counters.Heard);

    private static long Messages(RumorRing ring) => Enumerable.Range(0, 8).Sum(node =>
        ring[node].Counters.CopiesSent + ring[node].Counters.RequestsSent);
}
