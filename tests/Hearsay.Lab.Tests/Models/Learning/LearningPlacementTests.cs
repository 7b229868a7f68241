using Hearsay.Lab.Models.Learning;

namespace Hearsay.Lab.Tests.Models.Learning;

public sealed class LearningPlacementTests
{
    private static readonly LearningSplit s_split =
        LearningDataSets.Split(LearningDataSets.Load("digits"), 1437, seed: 1, split: 0);

    [Theory]
    [InlineData("iid", 100)]
    [InlineData("label", 100)]
    [InlineData("label", 25)]
    [InlineData("dirichlet", 100)]
    [InlineData("one-record", 1437)]
    public void Every_record_is_on_one_node(string placement, int nodes)
    {
        var places = LearningPlacement.Place(placement, s_split.Train, nodes, 0.1, seed: 1);
        Assert.Equal(nodes, places.Length);
        Assert.Equal(Enumerable.Range(0, 1437), places.SelectMany(rows => rows).Order());
    }

    [Fact]
    public void By_label_a_node_has_one_class_and_no_node_is_empty()
    {
        var places = LearningPlacement.Place("label", s_split.Train, 100, 0.1, seed: 1);
        Assert.All(places, rows => Assert.Single(rows.Select(row => s_split.Train.Target(row)).Distinct()));
    }

    [Fact]
    public void A_small_concentration_makes_nodes_uneven()
    {
        Assert.True(Deviation(0.1) > 3 * Deviation(100));

        static double Deviation(double alpha)
        {
            var places = LearningPlacement.Place("dirichlet", s_split.Train, 50, alpha, seed: 1);
            var mean = places.Average(rows => rows.Length);
            return Math.Sqrt(places.Average(rows => (rows.Length - mean) * (rows.Length - mean)));
        }
    }

    [Fact]
    public void The_parts_of_a_split_are_disjoint_and_standardised_by_the_first()
    {
        Assert.Equal((1437, 360), (s_split.Train.RowCount, s_split.Test.RowCount));
        var mean = Enumerable.Range(0, 1437).Average(row => s_split.Train.Features(row)[20]);
        Assert.Equal(0, mean, 1e-3);
        Assert.NotEqual(
            LearningDataSets.Split(LearningDataSets.Load("digits"), 1437, 1, 1).Train.Features(0).ToArray(),
            s_split.Train.Features(0).ToArray());
    }
}
