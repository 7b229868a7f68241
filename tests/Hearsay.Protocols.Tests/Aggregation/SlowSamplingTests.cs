using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>Sampling with longer cycles than aggregation: the same partners come again and again.</summary>
public sealed class SlowSamplingTests
{
    [Theory]
    [Campaign]
    [InlineData(1, 1e-6)]
    [InlineData(5, 1e-6)]
    [InlineData(30, 1e-6)]
    public void Nodes_agree_as_closely_when_views_change_slowly(int cyclesPerSamplingCycle, double atMost)
    {
        var sampling = PeerSamplingOptions.Recommended with
        {
            CycleTime = cyclesPerSamplingCycle * AggregationSwarm.Cycle,
        };
        var network = new VirtualNetworkOptions { KeepsNotices = false };
        var swarm = new AggregationSwarm(200, network: network, sampling: sampling);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        // Views must have become mixed after all came in through one node, which takes some twenty sampling cycles.
        var mixed = 2 + (20 * cyclesPerSamplingCycle / AggregationSwarm.Options.CyclesPerEpoch);
        for (var epoch = 2; epoch <= mixed + 2; epoch++)
        {
            swarm.RunToEpoch(epoch);
            swarm.RunToSettling();
            var worst = swarm.Members.Max(m => Math.Abs((m.Cells(id)[1] / m.Cells(id)[0]) - 99.5)) / 99.5;
            Swarm.Say($"{cyclesPerSamplingCycle} cycles, epoch {epoch}: largest relative error {worst:e1}");
            Assert.True(epoch < mixed || worst < atMost);
        }
    }
}
