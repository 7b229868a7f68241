using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hearsay.Agent.Tests.Http;

/// <summary>The clients of other languages, against a live agent.</summary>
public sealed class ClientsTests
{
    private static readonly string s_clients = Path.Combine(HttpPageTests.Root, "clients");

    private const string Python = """
        import sys; sys.path.insert(0, sys.argv[2]); from hearsay import Agent, Lagged
        for message in Agent(sys.argv[1]).listen("t"):
            print("missed" if isinstance(message, Lagged) else message.text, flush=True)
        """;

    private const string JavaScript = """
        const { Agent, Lagged } = await import("file://" + process.argv[2] + "/hearsay.mjs");
        for await (const message of new Agent(process.argv[1]).listen("t"))
          console.log(message instanceof Lagged ? "missed" : await message.text());
        """;

    [Fact]
    public async Task All_clients_say_the_same_of_the_same_steps()
    {
        await SkipWithoutAsync("python3");
        await SkipWithoutAsync("node");
        string[] options =
        [
            "--bind", "127.0.0.1:0", "--cycle-time", "200ms", "--maps", "true", "--evict-on-timeout", "false",
        ];
        using var other = new AgentProcess(options);
        await other.StartedAsync();
        using var agent = new AgentProcess([.. options, "--seed", other.Address]);
        await agent.StartedAsync();
        await agent.UntilAsync(() => agent.Lines.Contains("peers 1"), "it has a peer");
        await other.UntilAsync(() => other.Lines.Contains("peers 1"), "it has a peer");

        using var run = Start("sh", Path.Combine(s_clients, "conformance", "run.sh"), agent.Url, other.Url);
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(HearsayProcess.Deadline);

        Assert.True(run.ExitCode == 0, $"{await output}{await errors}{agent.Output}{agent.Errors}{other.Errors}");
        Assert.Equal("46", (await output).Trim());
    }

    [Theory]
    [InlineData("python3", "-c", Python, "python")]
    [InlineData("node", "--input-type=module", JavaScript, "javascript")]
    public async Task A_stream_comes_back_after_the_agent_was_started_again_and_says_that_something_may_be_missed(
        string command, string option, string program, string folder)
    {
        await SkipWithoutAsync(command);

        // Not one of the ports that agents without a choice take: another test's agent would take it in between.
        var url = $"http://127.0.0.1:{FreePort()}";
        string[] options = ["--bind", "127.0.0.1:0", "--http", url["http://".Length..]];
        using var first = new AgentProcess(options);
        await first.StartedAsync();
        string[] arguments = command == "node"
            ? [option, "--eval", program, url, Path.Combine(s_clients, folder)]
            : [option, program, url, Path.Combine(s_clients, folder)];
        using var listener = Start(command, arguments);
        var (lines, errors) = (listener.StandardOutput, listener.StandardError.ReadToEndAsync());
        await PublishUntilReadAsync(url, "one", lines, errors);
        await first.KillAsync();

        using var second = new AgentProcess(options);
        await second.StartedAsync();
        Assert.Contains("missed", await PublishUntilReadAsync(url, "two", lines, errors));
        listener.Kill();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Publishes a text again and again until a line has it; the lines until then.</summary>
    private static async Task<List<string>> PublishUntilReadAsync(
        string url, string text, StreamReader lines, Task<string> errors)
    {
        var read = new List<string>();
        var line = lines.ReadLineAsync();
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < HearsayProcess.Deadline, "It did not hear the message.");
            await Curl.RunAsync($"curl -X POST {url}/v1/topics/t/messages -d {text}");
            if (await Task.WhenAny(line, Task.Delay(200)) != line)
            {
                continue;
            }

            if (await line is not { } next)
            {
                throw new InvalidOperationException($"The client ended: {await errors}");
            }

            if (next == text)
            {
                return read;
            }

            read.Add(next);
            line = lines.ReadLineAsync();
        }
    }

    private static Process Start(string command, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;

    private static async Task SkipWithoutAsync(string command)
    {
        try
        {
            using var version = Start(command, "--version");
            await version.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"This machine has no {command}, so its client cannot be run.");
        }
    }
}
