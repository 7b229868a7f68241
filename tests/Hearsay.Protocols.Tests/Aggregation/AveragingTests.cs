using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class AveragingTests
{
    private static readonly AggregateDefinition Load = new("load", AggregateKind.Average);

    [Fact]
    public void Every_node_learns_the_average()
    {
        var swarm = new AggregationSwarm(100);
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(3);

        var finals = swarm.Finals(id, 2).ToArray();
        Assert.Equal(100, finals.Length);
        Assert.All(finals, f => Assert.InRange(f.Value, 49.5 * (1 - 1e-6), 49.5 * (1 + 1e-6)));
        Assert.All(finals, f => Assert.True(f.IsReady && f.Error < 1e-3 && f.Contributors > 0.999, f.ToString()));
        Swarm.Say($"largest error {finals.Max(f => Math.Abs(f.Value - 49.5)):e1}, told {finals.Max(f => f.Error):e1}");
    }

    [Fact]
    public void Every_scalar_kind_is_what_it_says()
    {
        var swarm = new AggregationSwarm(50, value: (i, _) => i + 1);
        swarm[7].HasValues = false;
        var values = Enumerable.Range(1, 50).Where(i => i != 8).Select(i => (double)i).ToArray();
        var mean = values.Average();
        var expected = new Dictionary<AggregateKind, double>
        {
            [AggregateKind.Average] = mean,
            [AggregateKind.Sum] = values.Sum(),
            [AggregateKind.Count] = 49,
            [AggregateKind.NetworkSize] = 50,
            [AggregateKind.Min] = 1,
            [AggregateKind.Max] = 50,
            [AggregateKind.Variance] = values.Average(v => (v - mean) * (v - mean)),
            [AggregateKind.WeightedAverage] = values.Sum(v => v * v) / values.Sum(),
        };
        var ids = expected.Keys.ToDictionary(k => k, k => swarm.DefineEverywhere(new AggregateDefinition("x", k)));
        swarm.RunToEpoch(4);
        foreach (var (kind, value) in expected)
        {
            var finals = swarm.Finals(ids[kind], 3).ToArray();
            Assert.Equal(50, finals.Length);
            Swarm.Say($"{kind}: {finals[0]}");
            Assert.All(finals, f => Assert.Equal(value, f.Value, 1e-4 * value));
            Assert.All(finals, f => Assert.True(f.IsReady && f.Error < 0.01 * value, f.ToString()));
        }

        Assert.All(swarm.Members, m => Assert.Equal(50, m.Protocol.NetworkSize!.Value, 0.1));
    }

    [Fact]
    public void Estimates_under_way_come_closer_and_say_how_close_they_are()
    {
        var swarm = new AggregationSwarm(100);
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(3);
        var looks = swarm.Members.SelectMany(m => m.Estimates)
            .Where(e => e.Id == id && e.Estimate.Epoch == 2 && e.Estimate.IsReady).Select(e => e.Estimate).ToArray();
        var covered = looks.Count(e => Math.Abs(e.Value - 49.5) <= 2 * e.Error) / (double)looks.Length;
        Swarm.Say($"{looks.Length} estimates, {covered:p1} within twice the error they told");
        Assert.True(looks.Length > 2000);
        Assert.True(covered > 0.9);
        // Not by saying "no idea": the error told must shrink with the real one.
        var late = looks.Where(e => e.Cycle is >= 15 and < 18).ToArray();
        Assert.All(late, e => Assert.True(e.Error < 0.05, e.ToString()));
    }

    [Fact]
    public void An_epoch_that_starts_after_a_step_follows_it()
    {
        var swarm = new AggregationSwarm(60, value: (i, epoch) => epoch >= 4 && i % 2 == 0 ? 110 : 10);
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(5);
        Assert.All(swarm.Finals(id, 3), f => Assert.Equal(10, f.Value, 1e-9));
        Assert.All(swarm.Finals(id, 4), f => Assert.Equal(60, f.Value, 60e-6));
        Assert.Equal(60, swarm.Finals(id, 4).Count());
    }

    [Fact]
    public void A_definition_spreads_and_who_has_no_value_is_a_relay()
    {
        var swarm = new AggregationSwarm(60);
        foreach (var member in swarm.Members.Skip(30))
        {
            member.HasValues = false;
        }

        swarm.RunToEpoch(2);
        var id = swarm.Define(Load, 5);
        swarm.RunToEpoch(4);
        Assert.All(swarm.Members, m => Assert.NotNull(m.Protocol.Table.Find(id)));
        var finals = swarm.Finals(id, 3).ToArray();
        Assert.Equal(60, finals.Length);
        Assert.All(finals, f => Assert.Equal(14.5, f.Value, 1e-4));
        Assert.All(finals, f => Assert.Equal(0.5, f.Contributors, 1e-4));
    }

    /// <summary>
    /// 1/(2√e) is 0.303 for uniform partners; views of 30 among 300 nodes come close. A single run of twelve cycles has
    /// a standard deviation of 0.009.
    /// </summary>
    [Fact]
    [Campaign]
    public void The_variance_shrinks_by_the_factor_of_the_paper()
    {
        const int runs = 8;
        var mean = 0.0;
        for (var seed = 1ul; seed <= runs; seed++)
        {
            var swarm = new AggregationSwarm(300, network: new() { KeepsNotices = false, Seed = seed });
            var id = swarm.DefineEverywhere(Load);
            swarm.RunToEpoch(3);
            swarm.Network.Run(2 * AggregationSwarm.Cycle);
            var before = Variance(swarm, id);
            swarm.Network.Run(12 * AggregationSwarm.Cycle);
            mean += Math.Pow(Variance(swarm, id) / before, 1 / 12.0) / runs;
        }

        Swarm.Say($"mean factor {mean:f3}");
        Assert.InRange(mean, 0.28, 0.31);
    }

    [Fact]
    public void A_value_that_comes_too_late_is_refused()
    {
        var swarm = new AggregationSwarm(10);
        var id = swarm.DefineEverywhere(Load);
        swarm[3].HasValues = false;
        swarm.RunToEpoch(2);
        swarm.Network.Run(9 * AggregationSwarm.Cycle);
        swarm[3].Command(new AggregationCommand.ProvideValue(id, 2, new AggregateInput(1000)));
        swarm[3].Command(new AggregationCommand.ProvideValue(id, 1, new AggregateInput(1000)));
        swarm.RunToEpoch(3);
        Assert.Equal(2, swarm[3].Protocol.Counters.ValuesRefused);
        Assert.All(swarm.Finals(id, 2), f => Assert.Equal(42 / 9.0, f.Value, 1e-5));
    }

    private static double Variance(AggregationSwarm swarm, ulong id)
    {
        var mean = swarm.Members.Average(m => m.Cells(id)[1]);
        return swarm.Members.Average(m => Math.Pow(m.Cells(id)[1] - mean, 2));
    }

    [Fact]
    public void A_node_alone_knows_its_own_value()
    {
        var swarm = new AggregationSwarm(1, value: (_, _) => 42);
        var id = swarm.DefineEverywhere(Load);
        var size = swarm.DefineEverywhere(new AggregateDefinition("n", AggregateKind.NetworkSize));
        swarm.RunToEpoch(3);
        Assert.Equal(42, swarm[0].Final(id, 2)!.Value.Value);
        Assert.Equal(1, swarm[0].Final(size, 2)!.Value.Value);
        Assert.True(swarm[0].Final(id, 2)!.Value.IsReady);
    }
}
