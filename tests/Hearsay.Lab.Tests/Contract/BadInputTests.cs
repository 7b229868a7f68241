using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Tests.Contract;

/// <summary>Whatever is wrong is told in one line with exit code 2, before anything has run.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hearsay-lab-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("--nodes", "0", "-1", "1e9", "nan", "", "99999999999999999999")]
    [InlineData("--loss", "2", "-0.1", "nan", "1e400", "1,5")]
    [InlineData("--view-size", "0", "5", "257")]
    [InlineData("--healing", "40", "-1", "129")]
    [InlineData("--latency-ms", "50..10", "5..nan", "-3", "..", "1..2..3", "60001")]
    [InlineData("--seed", "-1", "1.5", "18446744073709551616")]
    public async Task A_value_that_is_not_allowed_is_named_with_what_is(string option, params string[] values)
    {
        foreach (var value in values)
        {
            var (code, output, error) = await LabCli.RunAsync("run", "heal", option, value);
            Assert.Equal((2, ""), (code, output));
            var first = error.Split(Environment.NewLine)[0];
            Assert.StartsWith($"{option} must be ", first, StringComparison.Ordinal);
            Assert.Contains(value, first, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1e-2")]
    [InlineData("0.01")]
    [InlineData(".01")]
    public async Task Shares_may_be_written_with_an_exponent(string share)
    {
        var (_, output, _) = await LabCli.RunAsync(LabCli.TinyRun("heal", "--loss", share, "--json"));
        Assert.Equal(0.01, LabCli.Parse(output).GetProperty("parameters").GetProperty("loss").GetDouble());
    }

    [Theory]
    [InlineData("run", "heal", "--nodes", "10000000", "--cycles", "1000000")]
    [InlineData("report")]
    public async Task An_output_that_cannot_be_written_is_told_before_the_run(params string[] words)
    {
        var file = Path.Combine(_directory.FullName, "file");
        await File.WriteAllTextAsync(file, "mine");
        foreach (var directory in new[] { file, Path.Combine(file, "below"), "" })
        {
            var (code, output, error) = await LabCli.RunAsync([.. words, "--out", directory]);
            Assert.Equal((2, ""), (code, output));
            Assert.StartsWith("--out ", error, StringComparison.Ordinal);
            Assert.Single(error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("1,2\nrubbish\n", "line 2: must be a length")]
    [InlineData("5\n-3\n", "line 2: must be a length")]
    [InlineData("5\n1e400\n", "line 2: must be a length")]
    [InlineData("length\n", "there is no length in it")]
    [InlineData("\0\u0001,,\n", "there is no length in it")]
    [InlineData("", "there is no length in it")]
    public async Task A_trace_with_rubbish_is_refused_by_line(string content, string message)
    {
        var path = Path.Combine(_directory.FullName, "trace.csv");
        await File.WriteAllTextAsync(path, content);
        var (code, output, error) = await LabCli.RunAsync(LabCli.TinyRun("churn", "--sessions", path));
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"--sessions {path}", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_and_sessions_do_not_go_together()
    {
        var (code, _, error) = await LabCli.RunAsync(
            LabCli.TinyRun("churn", "--rate", "0.1", "--sessions", "exponential:10"));
        Assert.Equal(2, code);
        Assert.Contains("--rate and --sessions", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("count", "--leaders 50 --nodes 10", "--leaders must be at most --nodes = 10, not 50.")]
    [InlineData("count", "--leaders 1000 --nodes 10000000", "10000000 times 1000 leaders do not fit")]
    [InlineData("flow-updating", "--degree 100 --nodes 10000000", "--nodes times --degree must be at most")]
    [InlineData("sketch", "--precision 16 --nodes 10000000", "10000000 of 65536 each do not fit")]
    [InlineData("battery", "--watched 100000 --draws 10000000", "--watched times --draws must be at most")]
    public async Task Options_that_do_not_go_together_are_refused(string name, string options, string message)
    {
        var (code, output, error) = await LabCli.RunAsync(["run", name, .. options.Split(' ')]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_memory_cannot_hold_is_refused_and_one_that_it_holds_is_not()
    {
        EngineMemory.Require(10_000_000, 30, bytesThere: 24L << 30);
        var error = Assert.Throws<LabUsageException>(() => EngineMemory.Require(10_000_000, 30, bytesThere: 2L << 30));
        Assert.Contains("10,000,000 nodes with views of 30 need at least 2.8 GiB", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_has_long_lists_of_names_in_the_text_and_not_in_the_column_of_names()
    {
        var (code, output, _) = await LabCli.RunAsync("run", "rumor", "--help");
        Assert.Equal(0, code);
        Assert.Contains("--variant <NAME>", output, StringComparison.Ordinal);
        Assert.Contains("push-then-pull", output, StringComparison.Ordinal);
        Assert.Contains("--minimise <on|off>", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sampling")]
    [InlineData("battery")]
    public async Task No_more_nodes_are_watched_than_there_are_and_the_result_says_so(string name)
    {
        var (_, output, _) = await LabCli.RunAsync(LabCli.TinyRun(name, "--watched", "5000", "--json"));
        Assert.Equal(120, LabCli.Parse(output).GetProperty("parameters").GetProperty("watched").GetInt32());
    }
}
