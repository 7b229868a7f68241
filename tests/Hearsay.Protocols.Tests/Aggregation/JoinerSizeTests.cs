using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class JoinerSizeTests
{
    [Theory]
    [InlineData("calm", 0.0, 0, 20)]
    [InlineData("loss", 0.1, 0, 20)]
    [InlineData("heavyloss", 0.3, 0, 20)]
    [InlineData("pause", 0.1, 1, 10)]
    public void Explore(string name, double loss, int pauses, int seeds)
    {
        for (var seed = 1ul; seed <= (ulong)seeds; seed++)
        {
            var swarm = new AggregationSwarm(200, null, new VirtualNetworkOptions { KeepsNotices = false, Loss = loss, Seed = seed });
            swarm.RunToEpoch(2);
            var random = new SeededRandom(seed);
            var bad = new Dictionary<int, string>();
            var readings = 0;
            var (least, most) = (1e9, 0.0);
            for (var cycle = 0; cycle < 150; cycle++)
            {
                for (var i = 0; i < 2; i++)
                {
                    var up = swarm.Up.Where(m => m.Index != 0).ToArray();
                    swarm.Network.Kill(up[random.Below(up.Length)].Node);
                    swarm.Add();
                }

                if (pauses > 0)
                {
                    var up = swarm.Up.Where(m => m.Index != 0).ToArray();
                    swarm.Network.Pause(up[random.Below(up.Length)].Node, (1 + random.Below(25)) * AggregationSwarm.Cycle);
                }

                swarm.Network.Run(AggregationSwarm.Cycle);
                foreach (var m in swarm.Up)
                {
                    if (m.Protocol.NetworkSize is { } size && cycle > 60)
                    {
                        readings++;
                        (least, most) = (Math.Min(least, size), Math.Max(most, size));
                        if (Math.Abs(size - 200) > 10 && !bad.ContainsKey(m.Index))
                        {
                            var c = m.Protocol.Counters;
                            bad[m.Index] = $"{name} seed {seed} cycle {cycle} node {m.Index}: size {size:f1} epoch {m.Protocol.Epoch} "
                                + $"{m.Protocol.Phase} epochs {c.Epochs} started {c.Started} completed {c.Completed} answered {c.Answered} jumps {c.Jumps} early {c.EarlyEpochs} rejoins {c.Rejoins} far {c.FarEpochs} stale {c.StaleRequests} notkept {c.SizesNotKept}";
                        }
                    }
                }
            }

            Swarm.Say($"{name} seed {seed}: {bad.Count} bad of {readings} readings, {least:f1} to {most:f1}; not kept {swarm.Members.Sum(m => m.Protocol.Counters.SizesNotKept)}");
            foreach (var line in bad.Values.Take(4))
            {
                Swarm.Say(line);
            }
        }
    }
}
