namespace Hearsay.Learning.Tests.Data;

public sealed class CsvDataTests
{
    [Fact]
    public void Features_and_classes_are_read_whichever_column_the_label_is()
    {
        var data = Read("a,label,b\n1,0,2\n3,2,4\n\n", "label");
        Assert.Equal((2, 2, 3), (data.RowCount, data.FeatureCount, data.ClassCount));
        Assert.Equal([3f, 4f], data.Features(1).ToArray());
        Assert.Equal(2, data.Target(1));
    }

    [Fact]
    public void Numbers_to_predict_need_not_be_classes() =>
        Assert.Equal(0, CsvData.Read(new StringReader("a,y\n1,-2.5\n"), "y", isRegression: true).ClassCount);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,label", "no record")]
    [InlineData("a,label\n", "no record")]
    [InlineData("label\n1", "no feature")]
    [InlineData("a,b\n1,2", "no column 'label'")]
    [InlineData("a,label\n1,0\n1\n", "Line 3 has 1 fields")]
    [InlineData("a,label\n1,0,5\n", "Line 2 has 3 fields")]
    [InlineData("a,label\nx,0\n", "column 'a': 'x'")]
    [InlineData("a,label\nNaN,0\n", "finite")]
    [InlineData("a,label\n1e30,0\n", "finite")]
    [InlineData("a,label\n1,0.5\n1,1\n", "not a class")]
    [InlineData("a,label\n1,-1\n1,1\n", "not a class")]
    [InlineData("a,label\n1,1\n2,1\n", "one class only")]
    [InlineData("a,label\n1,1\n", "one class only")]
    public void What_is_no_data_is_refused_with_the_place(string text, string message) =>
        Assert.Contains(
            message, Assert.Throws<InvalidDataException>(() => Read(text, "label")).Message, StringComparison.Ordinal);

    private static LearningData Read(string text, string label) => CsvData.Read(new StringReader(text), label);
}
