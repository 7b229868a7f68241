using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Agent.Tests.Guest;

/// <summary>The guests as processes of their own, because they are killed or read standard input.</summary>
public sealed class GuestProcessTests
{
    private const string Cluster = "guest-processes";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_survivor_of_a_kill_received_reaches_all_survivors()
    {
        const int messages = 400;
        await using var publisher = await StartAsync();
        var processes = Enumerable.Range(0, 6).Select(_ => Start(publisher, "listen", "stream", "--json")).ToList();
        try
        {
            await Task.WhenAll(processes.Select(process => process.UntilAsync(
                () => process.Errors.Contains("listening", StringComparison.Ordinal), "it listens")));
            for (var i = 0; i < messages; i++)
            {
                await publisher.GetTopic("stream").PublishAsync(i.ToString(CultureInfo.InvariantCulture), Cancellation);
                await Task.Delay(5, Cancellation);
                if (i == messages / 2)
                {
                    await Task.WhenAll(processes[0].KillAsync(), processes[3].KillAsync());
                }
            }

            HearsayProcess[] survivors = [.. processes[1..3], .. processes[4..]];
            await Task.WhenAll(survivors.Select(
                process => process.UntilAsync(() => process.Lines.Count >= messages, "all messages came")));
            foreach (var process in survivors)
            {
                var sequences = process.Lines.Select(static line => line.Split("\"sequence\":")[1].Split(',')[0]);
                Assert.Equal(messages, sequences.Distinct().Count());
                Assert.Equal(messages, process.Lines.Count);
            }
        }
        finally
        {
            processes.ForEach(static process => process.Dispose());
        }
    }

    [Fact]
    public async Task A_guest_that_finds_nobody_says_whom_it_tries_and_ends()
    {
        using var process = new HearsayProcess(
            "listen", "t", "--seed", "127.0.0.1:1", "--cluster", "nobody", "--patience", "3s");
        await process.UntilAsync(
            () => process.Errors.Contains("No node answered", StringComparison.Ordinal), "it ends");
        Assert.Equal(1, await process.ExitAsync());
        Assert.StartsWith(
            "trying 127.0.0.1:1 in cluster 'nobody' ...", process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_that_waits_for_its_input_can_be_stopped()
    {
        await using var member = await StartAsync();
        using var process = Start(member, "publish", "t", "-");
        await process.UntilAsync(() => member.ViewCount == 1, "it joined");
        await Task.Delay(500, Cancellation); // It may not have begun to read, which must not matter.
        process.Terminate();
        Assert.Equal(143, await process.ExitAsync());
    }

    [Fact]
    public async Task A_listener_ends_when_nobody_reads_what_it_prints()
    {
        await using var member = await StartAsync();
        var listen = $"dotnet exec {Path.Combine(AppContext.BaseDirectory, "Hearsay.Agent.dll")} listen t "
            + $"--seed {member.LocalAddress} --cluster {Cluster} | head -n 1";
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", listen]) { RedirectStandardOutput = true })!;
        var exit = shell.WaitForExitAsync(Cancellation);
        for (var watch = Stopwatch.StartNew(); !exit.IsCompleted; await Task.Delay(50, Cancellation))
        {
            Assert.True(watch.Elapsed < HearsayProcess.Deadline, "It still listens.");
            await member.GetTopic("t").PublishAsync("x", Cancellation);
        }

        Assert.EndsWith(": x\n", await shell.StandardOutput.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_guest_prints_into_a_file_stays_there_when_the_next_command_prints()
    {
        var cycle = TimeSpan.FromMilliseconds(10);
        await using var member = await StartAsync(AggregationOptions.Default.WithCycles(cycle, null));
        var file = Path.GetTempFileName();
        try
        {
            var aggregate = $"dotnet exec {Path.Combine(AppContext.BaseDirectory, "Hearsay.Agent.dll")} aggregate x "
                + $"--value 1.5 --cycle-time 10ms --seed {member.LocalAddress} --cluster {Cluster}";
            using var shell = Process.Start("sh", ["-c", $"({aggregate}; echo next) > '{file}'"]);
            await shell.WaitForExitAsync(Cancellation).WaitAsync(HearsayProcess.Deadline, Cancellation);
            var lines = await File.ReadAllLinesAsync(file, Cancellation);
            Assert.Equal(2, lines.Length);
            Assert.StartsWith("x (Average): 1.5", lines[0], StringComparison.Ordinal);
            Assert.Equal("next", lines[1]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_a_script_prints_after_a_listener_does_not_overwrite_its_lines()
    {
        await using var member = await StartAsync();
        await member.GetTopic("t").PublishAsync("heard", Cancellation);
        var file = Path.GetTempFileName();
        var script = $"(echo first; dotnet exec {Path.Combine(AppContext.BaseDirectory, "Hearsay.Agent.dll")} listen t "
            + $"--held --count 1 --seed {member.LocalAddress} --cluster {Cluster}; echo last) > {file}";
        using var shell = Process.Start("sh", ["-c", script]);
        await shell.WaitForExitAsync(Cancellation).WaitAsync(HearsayProcess.Deadline, Cancellation);
        var lines = await File.ReadAllLinesAsync(file, Cancellation);
        File.Delete(file);
        Assert.Equal(("first", "last"), (lines[0], lines[^1]));
        Assert.EndsWith(": heard", Assert.Single(lines[1..^1]), StringComparison.Ordinal);
    }

    private static Task<GossipNode> StartAsync(AggregationOptions? aggregation = null) => GossipNode.StartAsync(
        new GossipNodeOptions
        {
            Bind = "127.0.0.1:0",
            RandomSeed = LiveSeed.Next(),
            Cluster = Cluster,
            Sampling = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromMilliseconds(200) },
            Aggregation = aggregation,
        },
        Cancellation);

    private static HearsayProcess Start(GossipNode member, params string[] arguments) =>
        new([.. arguments, "--seed", member.LocalAddress.ToString(), "--cluster", Cluster]);
}
