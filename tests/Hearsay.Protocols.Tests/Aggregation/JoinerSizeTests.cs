using Hearsay.Protocols.Aggregation.Epochs;
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
    [Campaign]
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
    public void A_joiner_is_told_the_size_at_once_and_counts_itself_after_a_whole_epoch()
    {
        var swarm = new AggregationSwarm(40);
        swarm.RunToEpoch(3);
        swarm.Network.Run(5 * AggregationSwarm.Cycle);
        var joiner = swarm.Add();
        AggregateDefinition[] definitions = [new("n", AggregateKind.NetworkSize), new("s", AggregateKind.Sum)];
        var ids = definitions.Select(swarm.DefineEverywhere).ToArray();
        swarm.Network.Run(3 * AggregationSwarm.Cycle);
        var told = joiner.Protocol.Size!.Value;
        Assert.False(told.IsWhole);
        Assert.Equal(40, told.Size, 0.1);
        Assert.InRange(told.Error, 1e-9, 1);
        swarm.RunToEpoch(4);
        // No result before it was in a whole epoch, only estimates under way.
        Assert.DoesNotContain(joiner.Estimates, e => e.Estimate is { IsFinal: true });
        while (joiner.Protocol.Counters.Epochs == 0)
        {
            swarm.Network.Run(AggregationSwarm.Cycle / 2);
        }

        Assert.True(joiner.Protocol.Size!.Value.IsWhole);
        Assert.Equal(41, joiner.Protocol.NetworkSize!.Value, 0.1);
        Assert.All(ids, id => Assert.True(joiner.Last(id).IsReady));
    }

    [Fact]
    public void One_liar_of_three_does_not_tell_a_joiner_a_size_of_its_own()
    {
        var heard = new SizeHearsay();
        heard.Add(new NodeId(1, 1), new NetworkSizeEstimate(1e9, 1, IsWhole: true));
        heard.Add(new NodeId(1, 1), new NetworkSizeEstimate(1e9, 2, IsWhole: true));
        Assert.Equal(1, heard.Count);
        heard.Add(new NodeId(1, 2), new NetworkSizeEstimate(40, 0.5, IsWhole: true));
        heard.Add(new NodeId(1, 3), new NetworkSizeEstimate(41, 0.5, IsWhole: true));
        Assert.Equal(new NetworkSizeEstimate(41, 1, IsWhole: false), heard.Middle);
        // What cannot be is not even heard.
        foreach (var size in (double[])[double.NaN, -5, 0, 1e13])
        {
            heard.Add(new NodeId(1, 4), new NetworkSizeEstimate(size, 1, IsWhole: true));
        }

        heard.Add(new NodeId(1, 4), new NetworkSizeEstimate(10, double.NaN, IsWhole: true));
        Assert.Equal(41, heard.Middle.Size);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(5, 0.1)]
    [InlineData(30, 0.1)]
    [InlineData(300, 0.1)]
    public void A_new_network_knows_its_size_long_before_an_epoch_is_over_and_how_far_that_may_be_off(
        int nodes, double loss)
    {
        var network = new VirtualNetworkOptions { KeepsNotices = false, Loss = loss, Seed = 3 };
        var swarm = new AggregationSwarm(nodes, network: network);
        var (known, off) = (new int[nodes], new List<double>());
        for (var cycle = 1; cycle <= 30; cycle++)
        {
            swarm.Network.Run(AggregationSwarm.Cycle);
            foreach (var member in swarm.Members)
            {
                if (member.Protocol.Size is { } size)
                {
                    known[member.Index] = known[member.Index] == 0 ? cycle : known[member.Index];
                    Assert.False(size.IsWhole);
                    Assert.InRange(size.Error, 0, nodes);
                    off.Add(Math.Abs(size.Size - nodes) - (3 * size.Error));
                    Assert.InRange(size.Size, 0.9 * nodes, 1.1 * nodes);
                }
            }
        }

        Swarm.Say($"{nodes} nodes, loss {loss}: known after {known.Min()} to {known.Max()} cycles");
        Assert.All(known, cycle => Assert.InRange(cycle, 1, 22));
        // Three standard deviations; a few digits are lost in rounding.
        Assert.All(off, distance => Assert.InRange(distance, double.NegativeInfinity, 1e-6 * nodes));
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
    [Campaign]
    public void Hardly_anybody_claims_a_size_by_luck_where_answers_take_longer_than_a_cycle() =>
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
