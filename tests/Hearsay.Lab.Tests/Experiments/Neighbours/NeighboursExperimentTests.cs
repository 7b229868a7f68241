namespace Hearsay.Lab.Tests.Experiments.Neighbours;

/// <summary>The overlay of stable neighbours as an experiment.</summary>
public sealed class NeighboursExperimentTests
{
    [Fact]
    public void Rows_go_from_the_last_join_to_a_connected_overlay_of_the_degree_asked_for()
    {
        var result = new PlannedRun("neighbours", "nodes 60 degree 4 seconds 18").Run(NoProgress.Instance);
        Assert.Equal([0.0, 5, 10, 15, 18], result.Results.Select(row => row.Number("secondsAfterLastJoin")));
        var last = result.Results[^1];
        Assert.InRange(last.Number("meanDegree"), 3.8, 4.0);
        Assert.Equal(1, last.Number("components"));
        Assert.Equal(0, result.Summary.Number("oneSidedForTwoSeconds"));
        Assert.Empty(result.Claims);
        Assert.Equal(2, result.Figures.Count);
    }
}
