using CsCheck;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests.Faults;

public sealed class FaultPlanTests
{
    [Fact]
    public void A_plan_is_what_its_text_says() =>
        Gen.ULong[1, 100_000].Sample(seed =>
        {
            var plan = FuzzCase.FromSeed(seed).Plan;
            Assert.True(FaultPlan.TryParse(plan.ToString(), out var same));
            Assert.Equal(plan.ToString(), same.ToString());
            Assert.Equal(plan.Faults.Count, same.Faults.Count);
        }, iter: 200);

    [Fact]
    public void Every_part_of_a_fault_is_read()
    {
        Assert.True(FaultPlan.TryParse("pause@12000:3,7+500; drift@1.5:2*0.95;;storm@0+100*0.5", out var plan));
        Assert.Equal("storm@0+100*0.5;drift@1.5:2*0.95;pause@12000:3,7+500", plan.ToString());
        Assert.Equal([3, 7], plan.Faults[2].Nodes);
        Assert.Equal(TimeSpan.FromMilliseconds(500), plan.Faults[2].Duration);
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("crash@")]
    [InlineData("crash@x:1")]
    [InlineData("crash@1:")]
    [InlineData("crash@1:a")]
    [InlineData("boom@1:1")]
    [InlineData("7@1:1")]
    [InlineData("crash@1/2")]
    [InlineData("crash@-1:2")]
    [InlineData("crash@1e300:2")]
    public void What_is_no_plan_is_refused(string text) => Assert.False(FaultPlan.TryParse(text, out _));

    [Fact]
    public void Session_lengths_are_read_from_csv_and_kept_to()
    {
        var sessions = FaultPlan.ReadSessions("seconds,count\n10,3\n20,1\n\n-5\n");
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)], sessions);
        var random = new SeededRandom(1);
        var faults = FaultPlan.Trace(50, sessions, Instant.Zero + TimeSpan.FromSeconds(1500), ref random).ToArray();
        Assert.InRange(faults.Length, 50 * 95, 50 * 105);
    }

    [Fact]
    public void Churn_replaces_the_share_of_nodes_asked_for()
    {
        var random = new SeededRandom(1);
        var faults = FaultPlan.Churn(100, Instant.Zero, TimeSpan.FromSeconds(500), 0.02, ref random).ToArray();
        Assert.InRange(faults.Length, 900, 1100);
    }

    [Fact]
    public void The_shortest_plan_that_fails_is_found()
    {
        var plan = FuzzCase.FromSeed(5).Plan;
        var wanted = plan.Faults.Where((_, i) => i % 5 == 2).ToArray();
        var shortest = PlanShrinker.Shrink(plan, p => wanted.All(p.Faults.Contains));
        Assert.Equal(wanted, shortest.Faults);
    }
}
