using Hearsay.Learning.Data;

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
    public void Headers_and_numbers_may_be_quoted()
    {
        var data = Read("\"a\",\"label\"\n\"1.5\",\"0\"\n \"2\" ,1\n", "label");
        Assert.Equal((2, 1, 2), (data.RowCount, data.FeatureCount, data.ClassCount));
        Assert.Equal([1.5f, 2f], Enumerable.Range(0, 2).Select(row => data.Features(row)[0]));
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
    [InlineData("a,label\n\"1,0\n", "column 'a': '\"1'")]
    [InlineData("a,label\n1e30,0\n", "finite")]
    [InlineData("a,label\n1,0.5\n1,1\n", "not a class")]
    [InlineData("a,label\n1,-1\n1,1\n", "not a class")]
    [InlineData("a,label\n1,1\n2,1\n", "one class only")]
    [InlineData("a,label\n1,1\n", "one class only")]
    [InlineData("a,label,label\n1,0,1\n", "several columns 'label'")]
    [InlineData("a,b,b\n1,0,1\n", "no column 'label'")]
    [InlineData("\u001b[31m,label\n\u001b[2J,0\n", "column '?[31m': '?[2J'")]
    public void What_is_no_data_is_refused_with_the_place(string text, string message) =>
        Assert.Contains(
            message, Assert.Throws<InvalidDataException>(() => Read(text, "label")).Message, StringComparison.Ordinal);

    [Fact]
    public void Lines_may_end_as_anywhere_and_are_counted()
    {
        var data = Read("a,label\r\n1,0\n\r\n3,1\r5,0", "label");
        Assert.Equal([1f, 3f, 5f], Enumerable.Range(0, 3).Select(row => data.Features(row)[0]));
        var error = Assert.Throws<InvalidDataException>(() => Read("a,label\r\n1,0\r\n\nx,1", "label"));
        Assert.Contains("Line 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_line_breaks_is_not_read_to_its_end()
    {
        var endless = new Endless();
        var error = Assert.Throws<InvalidDataException>(() => CsvData.Read(endless));
        Assert.Contains("longer than", error.Message, StringComparison.Ordinal);
        Assert.InRange(endless.Given, CsvLines.LongestLine, CsvLines.LongestLine + 10);
    }

    [Fact]
    public void More_features_than_there_may_be_are_refused()
    {
        var header = string.Join(',', Enumerable.Range(0, 65_538).Select(i => $"f{i}"));
        var error = Assert.Throws<InvalidDataException>(() => CsvData.Read(new StringReader(header)));
        Assert.Contains("65,537 features", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A device that gives the same character for ever.</summary>
    private sealed class Endless : TextReader
    {
        public int Given { get; private set; }

        public override int Peek() => 'x';

        public override int Read()
        {
            Given++;
            return 'x';
        }
    }

    private static LearningData Read(string text, string label) => CsvData.Read(new StringReader(text), label);
}
