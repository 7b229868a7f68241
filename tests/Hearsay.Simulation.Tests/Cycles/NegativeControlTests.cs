namespace Hearsay.Simulation.Tests;

/// <summary>
/// A second implementation, in list form, gives the oracle's figures; with one defect of section 5 it gives others. So
/// the tolerances of this project are tight enough to notice.
/// </summary>
public class NegativeControlTests
{
    private static readonly PeerSamplingOptions HealALittle = PeerSamplingOptions.Blind with { Healing = 1, Swap = 14 };

    [Theory]
    [Campaign]
    [InlineData(nameof(Defects.None), true)]
    [InlineData(nameof(Defects.PreparesACopy), false)]
    [InlineData(nameof(Defects.AnswersAfterMerge), false)]
    public void Swapper_balances_only_if_the_entries_just_sent_give_way(string defect, bool holds)
    {
        var overlay = ListForm(PeerSamplingOptions.Swapper, defect, cycles: 40);
        Assert.Equal(holds, Oracle.IsNear(overlay.InDegreeDeviation, 4.13));
        Assert.Equal(holds, Oracle.IsNear(overlay.Clustering, 0.0062));
    }

    [Theory]
    [Campaign]
    [InlineData(nameof(Defects.None), true)]
    [InlineData(nameof(Defects.PassiveSideStaysYoung), false)]
    public void Healer_clusters_as_it_should_only_if_both_sides_age(string defect, bool holds)
    {
        var overlay = ListForm(PeerSamplingOptions.Healer, defect, cycles: 22);
        Assert.Equal(holds, Oracle.IsNear(overlay.Clustering, 0.1514));
    }

    [Theory]
    [Campaign]
    [InlineData(nameof(Defects.None), true)]
    [InlineData(nameof(Defects.FirstIndexGoesFirst), false)]
    public void Dead_links_go_in_time_only_if_received_entries_give_way_first(string defect, bool holds)
    {
        var overlay = ListForm(HealALittle, defect, cycles: 30, afterCrash: 20);

        // The figure falls steeply at cycle 20: six seeds of the cycle engine gave 2,915 to 3,306, so one run is within
        // 10 % of 3,130. The defect leaves about 5,800.
        Assert.Equal(holds, Oracle.IsNear(overlay.DeadLinks, 3_130, tolerance: 0.1));
    }

    private static OverlayMetrics ListForm(
        PeerSamplingOptions options, string defect, int cycles, int afterCrash = 0)
    {
        var run = new ListFormRun(Oracle.Nodes, options, Enum.Parse<Defects>(defect));
        run.Run(cycles);
        if (afterCrash > 0)
        {
            run.KillHalf();
            run.Run(afterCrash);
        }

        return run.Measure();
    }
}
