using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.Quantiles;

/// <summary>Whole nodes in virtual time.</summary>
public sealed class TournamentNetworkTests
{
    [Theory]
    [InlineData(1000, 0.5, 0.05)]
    [InlineData(1000, 0.9, 0.01)]
    [InlineData(1000, 0.99, 0.01)]
    [InlineData(300, 0.1, 0.05)]
    public void All_nodes_come_to_a_value_of_about_the_rank(int nodes, double quantile, double error) =>
        Assert.Null(TournamentScenarios.RanksAreRight(nodes, quantile, error));

    [Fact]
    public void Nodes_that_lose_messages_catch_up() => Assert.Null(TournamentScenarios.LateNodesCatchUp());

    [Fact]
    public void Pulls_are_answered_with_the_value_of_their_round() =>
        Assert.Null(TournamentScenarios.RoundsAreThoseAskedFor());

    [Fact]
    public void Answers_nobody_asked_for_do_not_count() =>
        Assert.Null(TournamentScenarios.MadeUpAnswersDoNotCount());

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
