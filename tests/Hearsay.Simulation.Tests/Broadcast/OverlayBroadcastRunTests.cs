
namespace Hearsay.Simulation.Tests.Broadcast;

/// <summary>Broadcasts over neighbours that nodes look after themselves, while nodes crash, come and go.</summary>
public sealed class OverlayBroadcastRunTests
{
    private static readonly BroadcastRunOptions _small = new()
    {
        Nodes = 300, SourceCount = 4, Warmup = 3, Interval = TimeSpan.FromSeconds(1), Messages = 40,
    };

    private static readonly BroadcastRunOptions _churning = _small with { Nodes = 500, Messages = 60, Churn = 0.01 };

    [Fact]
    [Campaign]
    public void While_one_node_in_a_hundred_is_replaced_each_second_all_others_get_all_and_few_get_it_twice()
    {
        var run = new OverlayBroadcastRun(_churning);
        var churn = run.Run();
        Assert.Equal(500, run.SizeEstimates.Count);
        Assert.All(run.SizeEstimates, size => Assert.InRange(size, 475, 525));
        Assert.Equal((1.0, 0), (churn.Delivery, churn.DeliveredTwice));
        Assert.InRange(churn.Redundancy, 0, 0.1);
        // Newcomers are brought old messages; that is not how long a message takes.
        Assert.InRange(churn.LatencyMsP99, 100, 2000);
    }

    [Fact]
    [Campaign]
    public void After_half_of_the_nodes_crashed_the_others_get_all_and_soon_nothing_twice()
    {
        var run = new OverlayBroadcastRun(_small with
        {
            Kill = 0.5, Messages = 10, Interval = TimeSpan.FromMilliseconds(50),
        });
        Assert.Equal(1.0, run.Run().Delivery);
        var later = run.Measure(TimeSpan.FromSeconds(20));
        Assert.Equal((1.0, 0), (later.Delivery, later.DeliveredTwice));
        Assert.InRange(later.Redundancy, 0, 0.15);
    }
}
