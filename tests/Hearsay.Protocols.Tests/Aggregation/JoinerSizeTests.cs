using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class JoinerSizeTests
{
    [Theory]
    [InlineData("calm", 0.0, 0.0, 1.0)]
    [InlineData("loss", 0.3, 0.0, 1.0)]
    [InlineData("slow", 0.0, 1.5, 1.0)]
    [InlineData("slow4", 0.1, 4.0, 1.0)]
    [InlineData("slowsampling", 0.1, 0.3, 5.0)]
    [InlineData("slowsampling3", 0.3, 1.5, 5.0)]
    public void Explore(string name, double loss, double roundTrip, double factor)
    {
        for (var seed = 1ul; seed <= 3; seed++)
        {
            var links = roundTrip > 0 ? AggregationScenarios.Slow(roundTrip).Links! with { Loss = loss }
                : new LinkModel { Loss = loss };
            var options = AggregationSwarm.Options with { CycleTime = AggregationSwarm.Cycle / factor };
            var swarm = new AggregationSwarm(200, options, new VirtualNetworkOptions { KeepsNotices = false, Links = links, Seed = seed });
            swarm.RunToEpoch(2);
            var random = new SeededRandom(seed);
            var bad = new Dictionary<int, string>();
            var readings = 0;
            var joinersKnow = 0;
            for (var cycle = 0; cycle < 150; cycle++)
            {
                for (var i = 0; i < 2; i++)
                {
                    var up = swarm.Up.Where(m => m.Index != 0).ToArray();
                    swarm.Network.Kill(up[random.Below(up.Length)].Node);
                    swarm.Add();
                }

                swarm.Network.Run(options.CycleTime);
                foreach (var m in swarm.Up)
                {
                    if (m.Protocol.NetworkSize is { } size && cycle > 60)
                    {
                        readings++;
                        joinersKnow += m.Index >= 200 ? 1 : 0;
                        if (Math.Abs(size - 200) > 10 && !bad.ContainsKey(m.Index))
                        {
                            var c = m.Protocol.Counters;
                            bad[m.Index] = $"{name} seed {seed} cycle {cycle} node {m.Index}: size {size:f1} epoch {m.Protocol.Epoch} "
                                + $"{m.Protocol.Phase} epochs {c.Epochs} started {c.Started} completed {c.Completed} answered {c.Answered} jumps {c.Jumps} early {c.EarlyEpochs} rejoins {c.Rejoins} far {c.FarEpochs} stale {c.StaleRequests}";
                        }
                    }
                }
            }

            Swarm.Say($"{name} seed {seed}: {bad.Count} bad of {readings} readings, {joinersKnow} of joiners");
            foreach (var line in bad.Values.Take(12))
            {
                Swarm.Say(line);
            }
        }
    }
}
