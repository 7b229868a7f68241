using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class SlowSamplingTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(5.0)]
    [InlineData(60.0)]
    public void Explore(double ratio)
    {
        for (var seed = 1ul; seed <= 4; seed++)
        {
            // All get to know each other while sampling is quick.
            var swarm = new AggregationSwarm(200, AggregationSwarm.Options, new VirtualNetworkOptions { KeepsNotices = false, Seed = seed })
            {
                Sampling = PeerSamplingOptions.Recommended with { CycleTime = AggregationSwarm.Cycle * ratio },
            };
            var id = swarm.DefineEverywhere(AggregationScenarios.Load);
            swarm.RunToEpoch(6, 3000);
            for (var epoch = 4L; epoch <= 6; epoch++)
            {
                swarm.RunToEpoch(epoch, 3000);
                var start = swarm.Members.Sum(m => m.Protocol.Counters.Started);
                swarm.Network.Run(3 * AggregationSwarm.Cycle);
                var line = "";
                var before = Variance(swarm, id);
                for (var i = 0; i < 7; i++)
                {
                    swarm.Network.Run(3 * AggregationSwarm.Cycle);
                    var now = Variance(swarm, id);
                    line += $" {Math.Pow(now / before, 1 / 3.0):f3}";
                    before = now;
                }

                swarm.RunToSettling();
                var worst = swarm.Members.Max(m => Math.Abs((m.Cells(id)[1] / m.Cells(id)[0]) - 99.5)) / 99.5;
                Swarm.Say($"ratio {ratio} seed {seed} epoch {epoch}: {worst:e1}, factors{line}; view {swarm.Members.Average(m => m.Node.Core.View.Count):f1} "
                    + $"in-degree sd {InDegree(swarm):f1}, fallback share {Fallbacks(swarm):f3}");
            }
        }
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
