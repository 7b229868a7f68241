using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class SlowSamplingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Explore(int choice)
    {
        AggregationProtocol.ExploreChoice = choice;
        foreach (var ratio in new[] { 1.0, 5.0, 30.0 })
        {
            var log = 0.0;
            var all = "";
            var (overall, count) = (0.0, 0);
            AggregationSwarm? last = null;
            for (var seed = 1ul; seed <= 3; seed++)
            {
                var swarm = last = new AggregationSwarm(200, AggregationSwarm.Options, new VirtualNetworkOptions { KeepsNotices = false, Seed = seed },
                    sampling: PeerSamplingOptions.Recommended with { CycleTime = AggregationSwarm.Cycle * ratio });
                var id = swarm.DefineEverywhere(AggregationScenarios.Load);
                // Views must be full and mixed.
                swarm.RunToEpoch(ratio > 10 ? 14 : 6, 3000);
                for (var i = 0; i < 3; i++)
                {
                    swarm.RunToEpoch(swarm.Members.Max(m => m.Protocol.Epoch) + 1, 3000);
                    swarm.Network.Run(3 * AggregationSwarm.Cycle);
                    var before = Variance(swarm, id);
                    swarm.Network.Run(21 * AggregationSwarm.Cycle);
                    overall += Math.Pow(Variance(swarm, id) / before, 1 / 21.0);
                    count++;
                    swarm.RunToSettling();
                    var worst = swarm.Members.Max(m => Math.Abs((m.Cells(id)[1] / m.Cells(id)[0]) - 99.5)) / 99.5;
                    log += Math.Log(worst);
                    all += $" {worst:e1}";
                }
            }

            Swarm.Say($"choice {choice} ratio {ratio}: typical {Math.Exp(log / count):e1}, factor {overall / count:f3}, view {last!.Members.Average(m => m.Node.Core.View.Count):f1}, "
                + $"in-degree sd {InDegree(last):f1}, fallback share {Fallbacks(last):f3}; {all}");
        }

        AggregationProtocol.ExploreChoice = 0;
    }

    private static double Fallbacks(AggregationSwarm swarm) => swarm.Members.Average(m =>
    {
        var all = m.Node.Core.Samplers;
        return (double)all.Fallbacks / all.Samples;
    });

    private static double InDegree(AggregationSwarm swarm)
    {
        var counts = new Dictionary<NodeId, int>();
        foreach (var m in swarm.Members)
        {
            foreach (var id in m.Node.Core.View.Copy().Select(p => p.Id))
            {
                counts[id] = counts.GetValueOrDefault(id) + 1;
            }
        }

        var mean = counts.Values.Average();
        return Math.Sqrt(counts.Values.Average(c => (c - mean) * (c - mean)));
    }

    private static double Variance(AggregationSwarm swarm, ulong id)
    {
        var mean = swarm.Members.Average(m => m.Cells(id)[1]);
        return swarm.Members.Average(m => Math.Pow(m.Cells(id)[1] - mean, 2));
    }
}
