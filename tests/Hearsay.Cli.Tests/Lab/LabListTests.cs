using Hearsay.Cli.Lab;
using Hearsay.Lab;

namespace Hearsay.Cli.Tests.Lab;

public sealed class LabListTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void The_list_fits_the_terminal_and_breaks_no_word(int columns)
    {
        using var output = new StringWriter();
        LabListCommand.Write(output, columns);
        var lines = output.ToString().Split(Environment.NewLine);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, columns));
        var words = output.ToString().Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ExperimentRegistry.All.SelectMany(static one => $"{one.Name} {one.Summary}".Split(' ')), words);
    }

    [Fact]
    public void Elsewhere_it_has_a_line_for_each_experiment()
    {
        using var output = new StringWriter();
        LabListCommand.Write(output, int.MaxValue);
        Assert.Equal(
            ExperimentRegistry.All.Count, output.ToString().Split(Environment.NewLine).Count(line => line.Length > 0));
    }
}
