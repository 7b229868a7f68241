
namespace Hearsay.Simulation.Tests;

/// <summary>Gates P1 and P2, section 10.2. The paper runs 300 cycles; these are converged long before.</summary>
public class ConvergedOverlayTests
{
    [Theory]
    [InlineData("blind", 100, 22.98, 0.0266, 2.675)]
    [InlineData("healer", 60, 10.75, 0.1514, 2.838)]
    [InlineData("swapper", 100, 4.13, 0.0062, 2.698)]
    [Campaign]
    public void From_random_views_each_protocol_reaches_its_figures(
        string preset, int cycles, double deviation, double clustering, double pathLength)
    {
        var overlay = Oracle.After(cycles, Oracle.Preset(preset));
        Oracle.Near(overlay.InDegreeDeviation, deviation);
        Oracle.Near(overlay.Clustering, clustering);
        Oracle.Near(overlay.PathLength, pathLength, tolerance: 0.01);
        Assert.Equal(1, overlay.Components);
    }

    [Theory]
    [InlineData("blind", OverlayStart.Growing, 100, 22.78, 0.0266)]
    [InlineData("healer", OverlayStart.Growing, 50, 10.70, 0.1514)]
    [InlineData("swapper", OverlayStart.Growing, 130, 4.12, 0.0062)]
    [InlineData("blind", OverlayStart.Lattice, 100, 22.71, 0.0266)]
    [Campaign]
    public void The_other_starts_lead_to_the_same_overlay(
        string preset, OverlayStart start, int cycles, double deviation, double clustering)
    {
        var overlay = Oracle.After(cycles, Oracle.Preset(preset), start);
        Oracle.Near(overlay.InDegreeDeviation, deviation);
        Oracle.Near(overlay.Clustering, clustering);
        Assert.Equal(1, overlay.Components);
    }

    [Fact]
    public void From_a_lattice_swapper_is_as_good_as_random_by_cycle_25()
    {
        var run = Oracle.Start(Oracle.Preset("swapper"), OverlayStart.Lattice);
        run.Run(10);
        var early = OverlayMetrics.Measure(run.Snapshot());
        Oracle.Near(early.Clustering, 0.057, tolerance: 0.1);
        Oracle.Near(early.PathLength, 4.59);
        run.Run(15);
        var late = OverlayMetrics.Measure(run.Snapshot());
        Assert.True(late.PathLength <= 2.72, $"path length {late.PathLength}");
        Assert.True(late.Clustering <= 0.007, $"clustering {late.Clustering}");
    }

    [Fact]
    public void From_a_lattice_healer_follows_its_curve_and_arrives_by_cycle_30()
    {
        var run = Oracle.Start(Oracle.Preset("healer"), OverlayStart.Lattice);
        foreach (var (cycle, clustering, pathLength) in
            new[] { (1, 0.708, 106.0), (5, 0.484, 37.2), (10, 0.298, 14.5), (20, 0.177, 4.20), (30, 0.156, 2.87) })
        {
            run.Run(cycle - run.Cycle);
            var overlay = OverlayMetrics.Measure(run.Snapshot());
            Oracle.Near(overlay.Clustering, clustering);
            Oracle.Near(overlay.PathLength, pathLength);
        }
    }

    [Fact]
    [Campaign]
    public void With_tail_selection_swapper_balances_better_than_random_then_healer_then_blind()
    {
        double Deviation(string preset) => Oracle
            .After(30, Oracle.Preset(preset) with { Selection = PeerSelection.Tail }).InDegreeDeviation;
        var (swapper, healer, blind) = (Deviation("swapper"), Deviation("healer"), Deviation("blind"));
        var random = OverlayMetrics.RandomGraphDeviation(Oracle.Nodes, 30);
        Assert.True(swapper < random && random < healer && healer < blind, $"{swapper} {random} {healer} {blind}");
    }

    [Fact]
    public void Growing_with_swapper_leaves_no_hub_of_more_than_160_by_cycle_60()
    {
        var run = Oracle.Start(Oracle.Preset("swapper"), OverlayStart.Growing);
        run.Run(20);
        Assert.Equal(Oracle.Nodes, run.LiveCount);
        Oracle.Near(OverlayMetrics.Measure(run.Snapshot()).InDegreeMaximum, 3_070, tolerance: 0.1);
        run.Run(40);
        Assert.True(OverlayMetrics.Measure(run.Snapshot()).InDegreeMaximum <= 160);
    }
}
