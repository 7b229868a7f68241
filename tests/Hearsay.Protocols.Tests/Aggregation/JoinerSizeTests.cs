using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>What joiners say of the network's size, while nodes are replaced all the time.</summary>
public sealed class JoinerSizeTests
{
    private const int Nodes = 200;

    [Theory]
    [InlineData(0.0, 0.05)]
    [InlineData(0.1, 0.05)]
    [InlineData(0.3, 0.06)]
    public void Every_node_that_claims_a_size_is_right_while_one_in_a_hundred_is_replaced_each_cycle(
        double loss, double atMost)
    {
        for (var seed = 1ul; seed <= 3; seed++)
        {
            var network = new VirtualNetworkOptions { KeepsNotices = false, Loss = loss, Seed = seed };
            var swarm = new AggregationSwarm(Nodes, network: network);
            swarm.RunToEpoch(2);
            var (random, sizes, joiners) = (new SeededRandom(seed), new List<double>(), 0);
            for (var cycle = 0; cycle < 120; cycle++)
            {
                Replace(swarm, 2, ref random);
                swarm.Network.Run(AggregationSwarm.Cycle);
                // From here on those who joined in the first epoch of replacements know a size.
                foreach (var member in swarm.Up.Where(_ => cycle > 60))
                {
                    if (member.Protocol.NetworkSize is { } size)
                    {
                        joiners += member.Index >= Nodes ? 1 : 0;
                        sizes.Add(size);
                    }
                }
            }

            Swarm.Say($"loss {loss}, seed {seed}: {sizes.Count} readings, {joiners} of joiners: "
                + $"{sizes.Min():f1} to {sizes.Max():f1}");
            Assert.True(joiners > 1000);
            Assert.All(sizes, size => Assert.InRange(size, Nodes * (1 - atMost), Nodes * (1 + atMost)));
        }
    }

    [Fact]
    public void A_joiner_says_that_it_is_not_ready_until_it_was_in_a_whole_epoch()
    {
        var swarm = new AggregationSwarm(40);
        swarm.RunToEpoch(3);
        swarm.Network.Run(5 * AggregationSwarm.Cycle);
        var joiner = swarm.Add();
        AggregateDefinition[] definitions = [new("n", AggregateKind.NetworkSize), new("s", AggregateKind.Sum)];
        var ids = definitions.Select(swarm.DefineEverywhere).ToArray();
        while (joiner.Protocol.Counters.Epochs == 0)
        {
            swarm.Network.Run(AggregationSwarm.Cycle / 2);
            if (joiner.Protocol.Counters.Epochs == 0)
            {
                Assert.Null(joiner.Protocol.NetworkSize);
                Assert.DoesNotContain(joiner.Estimates, e => e.Estimate.IsReady);
            }
        }

        Assert.Equal(41, joiner.Protocol.NetworkSize!.Value, 0.1);
        Assert.All(ids, id => Assert.True(joiner.Last(id).IsReady));
    }

    [Fact]
    public void A_node_that_joins_in_vain_knows_its_own_value_and_no_size()
    {
        var swarm = new AggregationSwarm(1);
        var lonely = swarm.Add(seeds: [VirtualNetwork.AddressOf(5000)]);
        var load = swarm.DefineEverywhere(AggregationScenarios.Load);
        var size = swarm.DefineEverywhere(new AggregateDefinition("n", AggregateKind.NetworkSize));
        swarm.Network.Run(100 * AggregationSwarm.Cycle);
        Assert.Null(lonely.Protocol.NetworkSize);
        Assert.False(lonely.Last(size).IsReady);
        Assert.True(lonely.Last(load).IsReady);
        Assert.Equal(1, lonely.Last(load).Value);
        // The first node was told of nobody: it is a network of one.
        Assert.Equal(1, swarm[0].Protocol.NetworkSize);
    }

    [Fact]
    public void Nobody_claims_a_size_by_luck_where_answers_take_longer_than_a_cycle() =>
        Assert.Null(AggregationScenarios.NobodyClaimsASizeByLuck());

    private static void Replace(AggregationSwarm swarm, int count, ref SeededRandom random)
    {
        for (var i = 0; i < count; i++)
        {
            // The first is everybody's contact.
            var up = swarm.Up.Where(m => m.Index > 0).ToArray();
            swarm.Network.Kill(up[random.Below(up.Length)].Node);
            swarm.Add();
        }
    }
}
