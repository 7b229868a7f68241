namespace Hearsay.Learning.Tests.Data;

public sealed class LearningDataTests
{
    [Fact]
    public void A_subset_has_the_rows_in_the_order_given()
    {
        var data = new LearningData([1, 2, 3, 4, 5, 6], [0, 1, 1], 2).Subset([2, 0]);
        Assert.Equal([5f, 6f], data.Features(0).ToArray());
        Assert.Equal((1f, 0f), (data.Target(0), data.Target(1)));
    }

    [Fact]
    public void Numbers_that_are_no_records_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LearningData([], [], 2));
        Assert.Throws<ArgumentException>(() => new LearningData([1, 2, 3], [0, 1], 2));
        Assert.Throws<ArgumentException>(() => new LearningData([1, float.NaN], [0, 1], 2));
        Assert.Throws<ArgumentException>(() => new LearningData([1, 2], [0, 2], 2));
        Assert.Throws<ArgumentException>(() => new LearningData([1, 2], [0, 0.5f], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningData([1, 2], [0, 0], 1));
    }
}
