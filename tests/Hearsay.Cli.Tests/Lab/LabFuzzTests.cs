using System.Text.Json;

namespace Hearsay.Cli.Tests.Lab;

public sealed class LabFuzzTests
{
    [Fact]
    [Campaign]
    public async Task The_ledger_is_one_object_and_the_same_for_the_same_seeds()
    {
        var (code, output, _) = await Cli.RunAsync("lab fuzz --seeds 3 --seed-start 5");
        var (_, again, _) = await Cli.RunAsync("lab fuzz --seeds 3 --seed-start 5");
        Assert.Equal(0, code);
        Assert.Equal(output, again);
        Assert.Equal(3, JsonDocument.Parse(output).RootElement.GetProperty("seeds").GetInt32());
    }

    [Theory]
    [InlineData("key")]
    [InlineData("identity")]
    [Campaign]
    public async Task Networks_of_the_other_modes_run_too_and_give_another_trace(string mode)
    {
        var (code, output, _) = await Cli.RunAsync($"lab fuzz --seeds 3 --seed-start 5 --security {mode}");
        var (_, open, _) = await Cli.RunAsync("lab fuzz --seeds 3 --seed-start 5 --security open");
        var (_, again, _) = await Cli.RunAsync($"lab fuzz --seeds 3 --seed-start 5 --security {mode}");
        Assert.Equal(0, code);
        Assert.Equal(output, again);
        Assert.NotEqual(output, open);
    }

    [Fact]
    [Campaign]
    public async Task A_case_is_written_as_a_trace_and_nothing_is_where_no_rule_was_broken()
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-trace");
        try
        {
            var file = Path.Combine(folder.FullName, "case.trace");
            var (code, _, error) = await Cli.RunAsync($"lab fuzz --replay 5 --trace {file}");
            Assert.Equal(0, code);
            Assert.Contains($"The trace is in {file}", error, StringComparison.Ordinal);
            var first = JsonDocument.Parse(File.ReadLines(file).First()).RootElement;
            Assert.Equal("trace", first.GetProperty("hearsay").GetString());
            var end = JsonDocument.Parse(File.ReadLines(file).Last()).RootElement;
            Assert.True(end.GetProperty("end").GetBoolean());

            var none = Path.Combine(folder.FullName, "none.trace");
            (code, _, error) = await Cli.RunAsync($"lab fuzz --seeds 1 --seed-start 5 --trace {none}");
            Assert.Equal(0, code);
            Assert.Contains("No rule was broken, so nothing was written", error, StringComparison.Ordinal);
            Assert.False(File.Exists(none));

            (code, _, error) = await Cli.RunAsync($"lab fuzz --replay 5 --trace {folder.FullName}");
            Assert.Equal(1, code);
            Assert.StartsWith("--trace: ", error.Split('\n')[^2], StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("lab fuzz --seeds 0", "--seeds")]
    [InlineData("lab fuzz --replay seven", "--replay: A replay begins with a seed, not 'seven'.\n")]
    public async Task Mistakes_are_named(string arguments, string option)
    {
        var (code, _, error) = await Cli.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(option, error, StringComparison.Ordinal);
    }
}
