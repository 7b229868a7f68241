using System.Diagnostics;

namespace Hearsay.Agent.Tests.Shell;

public sealed class StandardStreamsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(">/dev/full", "standard output cannot be written (No space left on device); the node continues")]
    [InlineData("1</dev/null", "standard output cannot be written (Bad file descriptor); the node continues")]
    [InlineData(">&-", null)]
    [InlineData("2>/dev/full", null)]
    [InlineData("2>&-", null)]
    [InlineData("<&- >&- 2>&-", null)]
    [InlineData(">/dev/full 2>/dev/full", null)]
    public async Task An_agent_lives_and_leaves_whatever_becomes_of_what_it_prints(string redirection, string? told)
    {
        var (_, errors) = await LivesAndLeavesAsync(":", redirection);
        Assert.Contains(told ?? string.Empty, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_that_nobody_reads_any_more_does_not_end_an_agent()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-pipe-");
        try
        {
            var pipe = Path.Combine(directory.FullName, "pipe");
            var (output, _) = await LivesAndLeavesAsync($"mkfifo '{pipe}'; head -n 1 '{pipe}' &", $">'{pipe}'");
            Assert.StartsWith("started: ", output, StringComparison.Ordinal);
            Assert.Single(output.TrimEnd().Split('\n'));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(">'{0}'")]
    [InlineData(">'{0}' 2>&1")]
    public async Task A_pipe_that_is_full_and_not_read_keeps_an_agent_neither_from_running_nor_from_leaving(
        string redirection)
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-pipe-");
        try
        {
            var pipe = Path.Combine(directory.FullName, "pipe");
            await LivesAndLeavesAsync(
                $"mkfifo '{pipe}'; exec 3<>'{pipe}'; "
                + $"dd if=/dev/zero of='{pipe}' bs=4096 count=1024 oflag=nonblock 2>/dev/null",
                redirection.Replace("{0}", pipe, StringComparison.Ordinal));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("agent --bogus 2>/dev/full")]
    [InlineData("agent --bogus 2>&-")]
    [InlineData("lab list 2>/dev/full")]
    public async Task A_command_that_cannot_tell_anything_ends_with_a_code_and_no_trace(string arguments)
    {
        using var run = new ShellRun(":", arguments);
        var (code, _, errors) = await run.ExitAsync();
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static async Task<(string Output, string Errors)> LivesAndLeavesAsync(string before, string redirection)
    {
        await using var member = await GossipNode.StartAsync(
            new GossipNodeOptions
            {
                Bind = "127.0.0.1:0",
                Cluster = "streams",
                Sampling = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromMilliseconds(200) },
            },
            Cancellation);
        using var agent = new ShellRun(
            before,
            $"agent --verbose --bind 127.0.0.1:0 --cycle-time 200ms --cluster streams --seed {member.LocalAddress} "
            + redirection);

        await UntilAsync(() => member.ViewCount == 1, "it joined");
        var cycles = member.Counters.Cycles;
        await UntilAsync(() => member.Counters.Cycles > cycles + 10, "ten cycles");
        Assert.False(agent.HasExited);
        await UntilAsync(() => member.ViewCount == 1, "it still takes part"); // A stall may have cost it its place.
        agent.Terminate();
        var (code, output, errors) = await agent.ExitAsync();
        Assert.Equal(0, code);
        await UntilAsync(() => member.ViewCount == 0, "it said that it leaves");
        return (output, errors);
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(20, Cancellation))
        {
            Assert.True(watch.Elapsed < HearsayProcess.Deadline, $"Not within {HearsayProcess.Deadline}: {what}");
        }
    }
}
