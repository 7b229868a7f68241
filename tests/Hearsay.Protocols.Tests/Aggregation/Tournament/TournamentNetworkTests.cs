using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Tests.Aggregation.Carriers;
using Hearsay.Simulation;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Protocols.Tests.Aggregation.Tournament;

/// <summary>Whole nodes in virtual time.</summary>
public sealed class TournamentNetworkTests
{
    [Theory]
    [InlineData(300, 0.5, 0.05)]
    [InlineData(300, 0.1, 0.05)]
    [InlineData(300, 0.99, 0.01)]
    [InlineData(300, 0.9, 0.01)]
    [Campaign]
    public void All_nodes_come_to_a_value_of_about_the_rank(int nodes, double quantile, double error) =>
        Assert.Null(TournamentScenarios.RanksAreRight(nodes, quantile, error));

    /// <summary>
    /// Partners come from a view that changes slowly, rounds begin a little apart: if that made the samples of nodes
    /// correlated or biased, the theory of uniform partners would be left. Half of all results lie beyond its median.
    /// </summary>
    [Fact]
    [Campaign]
    public void Partners_from_the_overlay_are_as_good_as_uniform_ones()
    {
        const int Nodes = 100, Seeds = 4, Epochs = 10;
        var options = new AggregationOptions { TournamentCycles = 20 };
        var chances = new List<double>();
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var swarm = TournamentScenarios.Swarm(Nodes, new VirtualNetworkOptions { Seed = seed }, options);
            var rank = TournamentScenarios.Shuffle(Nodes, seed);
            swarm.Value = index => rank[index];
            swarm.Define(TournamentScenarios.Quantile(0.9, 0.05));
            TournamentScenarios.RunToEpoch(swarm, 2 + Epochs);
            var rounds = TournamentScenarios.RoundsOf(swarm);
            for (var epoch = 2; epoch < 2 + Epochs; epoch++)
            {
                var worst = TournamentScenarios.WorstOf(swarm, epoch, static value => value / Nodes, 0.9);
                Assert.True(worst is not null, "A node has no result.");
                chances.Add(TournamentTheory.ChanceOf(Nodes, rounds, 0.9, worst.Value));
            }
        }

        chances.Sort();
        var half = chances.Count(static chance => chance < 0.5);
        Swarm.Say($"{chances.Count} tournaments: the chance of the worst is {chances[0]:f3}, {half} are below 0.5");
        Assert.InRange(chances[0], TournamentScenarios.LeastChance, 1);
        // Binomial: with 40 fair coins the chance of 33 heads or more is 1 in 25,000.
        Assert.InRange(half, 0, 32);
    }

    [Fact]
    public void The_theory_is_that_of_rounds_in_bulk()
    {
        const int Nodes = 100, Runs = 1000;
        var rounds = TournamentKernel.Schedule(0.9, 0.05, 4096);
        double[] values = [.. Enumerable.Range(0, Nodes).Select(i => i / (double)Nodes)];
        var worst = new double[Runs];
        for (var seed = 0; seed < Runs; seed++)
        {
            var run = new TournamentRun(values, rounds, loss: 0, (ulong)seed + 1);
            while (run.Step())
            {
            }

            worst[seed] = run.Values.Max(static value => Math.Abs(value - 0.9));
        }

        foreach (var distance in new[] { 0.02, 0.05, 0.08 })
        {
            var chance = TournamentTheory.ChanceOf(Nodes, rounds, 0.9, distance);
            var share = worst.Count(w => w >= distance - 1e-9) / (double)Runs;
            Swarm.Say($"{distance} off or more: {share:f3} of the runs, {chance:f3} in theory");
            Assert.Equal(chance, share, 4 * Math.Sqrt(chance * (1 - chance) / Runs));
        }
    }

    [Theory]
    [InlineData(0.5, 0.05)]
    [InlineData(0.9, 0.01)]
    [InlineData(0.99, 0.01)]
    public void Four_times_the_nodes_are_about_twice_as_close(double quantile, double error)
    {
        var rounds = TournamentKernel.Schedule(quantile, error, 4096);
        double Half(int nodes) => TournamentTheory.DistanceOf(nodes, rounds, quantile, 0.5);
        Swarm.Say($"| φ {quantile}, ε {error} | {Half(250):f3} | {Half(1000):f3} | "
            + $"{TournamentTheory.DistanceOf(1000, rounds, quantile, 0.01):f3} |");
        Assert.InRange(Half(250) / Half(1000), 1.2, 3);
    }

    [Fact]
    [Campaign]
    public void Nodes_that_lose_messages_catch_up() => Assert.Null(TournamentScenarios.LateNodesCatchUp());

    [Fact]
    public void Pulls_are_answered_with_the_value_of_their_round() =>
        Assert.Null(TournamentScenarios.RoundsAreThoseAskedFor());

    [Fact]
    public void Answers_nobody_asked_for_do_not_count() =>
        Assert.Null(TournamentScenarios.MadeUpAnswersDoNotCount());

    /// <summary>
    /// A stranger names ids that it invents, all of them at the address of the node with the largest value: it is asked
    /// often, its value is not taken for theirs, and nobody asks for one of them twice.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Descriptors_of_invented_ids_at_the_address_of_a_member_draw_no_repetitions_and_move_no_rank(int each)
    {
        const int Nodes = 50, Loud = Nodes - 1;
        var swarm = TournamentScenarios.Swarm(Nodes);
        var id = swarm.Define(TournamentScenarios.Quantile(0.5, 0.05));
        TournamentScenarios.RunToEpoch(swarm, 2);
        var asked = new Dictionary<ulong, int>();
        foreach (var member in swarm.Members)
        {
            member.Node.OnSend = (_, packet) =>
            {
                var (protocol, type, body) = Swarm.FirstFrame(packet);
                if (protocol == TournamentProtocol.ProtocolId && type == TournamentMessage.Pull)
                {
                    var number = new WireReader(body).ReadUInt64();
                    var pulls = member.Protocol.Table.Find(id)!.Pulls.ToArray();
                    if (pulls.Any(p => p.Id == number && IsInvented(p.Partner.Id)))
                    {
                        asked[number] = asked.GetValueOrDefault(number) + 1;
                    }
                }
            };
        }

        for (ulong cycle = 0; swarm.Members.Any(static m => m.Protocol.Time.Number < 3) && cycle < 100; cycle++)
        {
            foreach (var node in swarm.Members.Take(Loud).Select(static m => m.Node))
            {
                var named = Enumerable.Range(0, each).Select(other => new Lone.Entry(
                    Lone.Id(4000 + (each * (int)cycle) + other), 1, 0, new NodeAddresses(swarm[Loud].Node.Address)))
                    .ToArray();
                swarm.Network.Inject(
                    node, new Link(swarm[Loud].Node.Address, LinkKind.Datagram),
                    Lone.Packet(Lone.Id(3999), SamplingMessage.Request, body => body
                        .UInt64((100 * cycle) + (ulong)node.Index).Id(node.Core.Self.Id)
                        .Byte((byte)ExchangeMode.Push).Byte((byte)named.Length).Entries(named)));
            }

            swarm.Run(1);
        }

        var worst = TournamentScenarios.WorstOf(swarm, 2, static value => value / Nodes, 0.5);
        Swarm.Say($"{asked.Count} invented ids asked, at most {asked.Values.Max()} times, {worst:f3} off, "
            + $"{swarm.Members.Count(static m => m.Finals.Any(e => e.Epoch == 2))} results, "
            + $"{swarm.Members.Average(m => m.Node.View().Count(p => IsInvented(p.Id))):f1} of "
            + $"{swarm.Members.Average(m => m.Node.View().Length):f1} invented");
        Assert.True(asked.Count > 100, $"{asked.Count} invented ids asked");
        Assert.Equal(1, asked.Values.Max());
        Assert.True(worst is not null, "A node has no result.");
        var chance = TournamentTheory.ChanceOf(Nodes, TournamentScenarios.RoundsOf(swarm), 0.5, worst.Value);
        Assert.InRange(chance, TournamentScenarios.LeastChance, 1);

        static bool IsInvented(NodeId other) => other.High == Lone.Id(0).High && other.Low >= Lone.Id(3999).Low;
    }

    [Fact]
    public void Without_loss_a_node_pulls_no_more_than_planned()
    {
        var swarm = TournamentScenarios.Swarm(200);
        swarm.Define(TournamentScenarios.Quantile(0.99, 0.01));
        TournamentScenarios.RunToEpoch(swarm, 2);
        var before = swarm.Members.Select(m => m.Protocol.Counters.Pulls).ToArray();
        TournamentScenarios.RunToEpoch(swarm, 3);
        var most = swarm.Members.Max(m => m.Protocol.Counters.Pulls - before[m.Index]);
        var mean = swarm.Members.Average(m => m.Protocol.Counters.Pulls - before[m.Index]);
        Swarm.Say($"{mean:f1} pulls a node in an epoch, at most {most}");
        Assert.InRange(mean, 40, 70);
        Assert.InRange(most, 40, 70);
    }

    [Fact]
    [Campaign]
    public void Under_churn_those_that_were_there_all_the_time_have_a_result()
    {
        var swarm = TournamentScenarios.Swarm(200, new VirtualNetworkOptions { Loss = 0.05 });
        swarm.Value = static index => index % 100;
        var id = swarm.Define(TournamentScenarios.Quantile(0.5, 0.1));
        TournamentScenarios.RunToEpoch(swarm, 2);
        for (var i = 0; i < 25; i++)
        {
            swarm.Network.Kill(swarm[i].Node);
            swarm.Add();
            swarm.Run(1);
        }

        TournamentScenarios.RunToEpoch(swarm, 4);
        var old = swarm.Members.Skip(25).Take(175).ToArray();
        Assert.All(old, m => Assert.Contains(m.Finals, e => e.Epoch == 2));
        Assert.All(old, m => Assert.InRange(m.Finals.Single(e => e.Epoch == 2).Value, 30, 70));
        Assert.True(swarm.Up.All(m => m.Finals.Any(e => e.Epoch == 3)), "Joiners take part in the next epoch.");
    }

    [Fact]
    public void Nodes_without_a_value_get_the_result_too()
    {
        var swarm = TournamentScenarios.Swarm(100);
        swarm.Value = static index => index < 50 ? 7 : double.NaN;
        var id = swarm.Define(TournamentScenarios.Quantile(0.5, 0.1));
        TournamentScenarios.RunToEpoch(swarm, 3);
        Assert.All(swarm.Members, m => Assert.Equal(7, m.Finals.Single(e => e.Epoch == 2).Value));
    }

    [Fact]
    public void A_lone_node_is_its_own_quantile()
    {
        var swarm = TournamentScenarios.Swarm(1);
        swarm.Value = static _ => 7;
        var id = swarm.Define(TournamentScenarios.Quantile(0.9, 0.1));
        TournamentScenarios.RunToEpoch(swarm, 3);
        Assert.Equal(7, swarm[0].Last(id).Value);
    }
}
