using Hearsay.Agent.Shell;

namespace Hearsay.Cli.Tests.Up;

public sealed class UpDescriptorsTests
{
    [Fact]
    public async Task A_network_is_not_begun_that_has_too_few_for_its_nodes()
    {
        using var run = new ShellRun("ulimit -n 200", "up --nodes 50");
        var (code, output, errors) = await run.ExitAsync();

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains("needs 292 file descriptors", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_what_is_asked_for_it_runs()
    {
        using var run = new ShellRun($"ulimit -n {DescriptorLimit.Needed + 20}", "up --nodes 10 --cycles 8 --json");
        var (code, output, errors) = await run.ExitAsync();

        Assert.True(code == 0, errors);
        Assert.Contains("\"nodes\": 10", output, StringComparison.Ordinal);
    }
}
