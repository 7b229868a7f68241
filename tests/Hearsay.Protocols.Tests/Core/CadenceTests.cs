namespace Hearsay.Protocols.Tests.Core;

public sealed class CadenceTests
{
    private static readonly TimeSpan s_cycle = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(0, 10.37)]
    [InlineData(0, 100.99)]
    [InlineData(0.1, 10.37)]
    [InlineData(0.2, 2.5)]
    public void A_node_that_is_woken_late_begins_a_cycle_at_once_and_the_next_at_its_place(double jitter, double cycles)
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var sampling = PeerSamplingOptions.Recommended with { CycleTime = s_cycle, Jitter = jitter };
            var node = new Lone(sampling, options => options with { Seed = seed });
            var last = NextCycleOf(node);
            var count = node.Core.Counters.Cycles;

            node.Stall((1 + jitter + cycles) * s_cycle);

            Assert.Equal(count + 1, node.Core.Counters.Cycles);
            var late = node.Now;
            var next = NextCycleOf(node);
            Assert.InRange(next - late, TimeSpan.FromTicks(1), (1 + jitter) * s_cycle);
            // Two periods were drawn since, each off by the jitter at most.
            var off = Math.IEEERemainder((next - last) / s_cycle, 1);
            Assert.InRange(Math.Abs(off), 0, (2 * jitter) + 1e-6);
        }
    }

    [Fact]
    public void Nodes_of_a_process_that_stood_still_are_as_far_apart_as_before()
    {
        const int Nodes = 100;
        var sampling = PeerSamplingOptions.Recommended with { CycleTime = s_cycle };
        var nodes = Enumerable.Range(1, Nodes)
            .Select(seed => new Lone(sampling, options => options with { Seed = (ulong)seed })).ToArray();
        foreach (var node in nodes)
        {
            node.Advance(3 * s_cycle);
            node.Stall(25 * s_cycle);
        }

        var wait = nodes.Select(node => (NextCycleOf(node) - Instant.Zero) / s_cycle).Order().ToArray();

        // Of uniform places a tenth lies in each tenth of the period; in step, all lie between 0.9 and 1.1.
        Assert.All(
            Enumerable.Range(0, 10),
            tenth => Assert.InRange(
                wait.Count(at => at >= 28 + (tenth / 10.0) && at < 28 + ((tenth + 1) / 10.0)), 2, 25));
    }

    private static Instant NextCycleOf(Lone node)
    {
        for (var count = node.Core.Counters.Cycles; node.Core.Counters.Cycles == count;)
        {
            node.Advance(node.Core.NextDue - node.Now);
        }

        return node.Now;
    }
}
