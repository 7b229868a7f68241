namespace Hearsay.Simulation.Tests;

public class MemoryProbeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void A_pass_touches_every_node_and_as_many_random_ones(int nodes)
    {
        using var probe = new MemoryProbe(nodes);
        Assert.Equal(2UL * (ulong)nodes, probe.CountTouches());
        probe.Run();
        Assert.Equal(4UL * (ulong)nodes, probe.CountTouches());
    }

    [Fact]
    public void After_its_disposal_it_refuses_and_a_second_one_does_nothing()
    {
        var probe = new MemoryProbe(10);
        probe.Dispose();
        probe.Dispose();
        Assert.Throws<ObjectDisposedException>(probe.Run);
    }
}
