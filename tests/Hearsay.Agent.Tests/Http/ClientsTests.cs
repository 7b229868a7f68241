using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Hearsay.Agent.Tests.Http;

/// <summary>The clients of other languages, against a live agent.</summary>
public sealed partial class ClientsTests
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

    [Theory]
    [InlineData("python3", "-c", Python, "python")]
    [InlineData("node", "--input-type=module", JavaScript, "javascript")]
    public async Task A_stream_that_breaks_before_its_first_event_goes_on_from_its_beginning(
        string command, string option, string program, string folder)
    {
        await SkipWithoutAsync(command);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var url = $"http://{server.LocalEndpoint}";
        string[] arguments = command == "node"
            ? [option, "--eval", program, url, Path.Combine(s_clients, folder)]
            : [option, program, url, Path.Combine(s_clients, folder)];
        using var reader = Start(command, arguments);
        Assert.DoesNotContain("last-event-id", await BreakAsync(server), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("last-event-id: b-0", await BreakAsync(server), StringComparison.OrdinalIgnoreCase);
        reader.Kill();
    }

    [Theory]
    [InlineData("python3", "python", "program.py")]
    [InlineData("node", "javascript", "program.mjs")]
    public async Task The_program_of_the_page_runs_and_without_an_agent_it_ends_with_one_line(
        string command, string folder, string name)
    {
        await SkipWithoutAsync(command);
        var directory = Directory.CreateTempSubdirectory("hearsay-client-");
        var program = Path.Combine(directory.FullName, name);
        var page = await File.ReadAllTextAsync(
            Path.Combine(s_clients, folder, "README.md"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(program, Program().Match(page).Groups[1].Value, default(CancellationToken));
        foreach (var file in Directory.GetFiles(Path.Combine(s_clients, folder), "hearsay.*"))
        {
            File.Copy(file, Path.Combine(directory.FullName, Path.GetFileName(file)));
        }

        var nowhere = $"http://127.0.0.1:{FreePort()}";
        using (var alone = StartBeside(nowhere, command, program))
        {
            var (output, error) = (alone.StandardOutput.ReadToEndAsync(), alone.StandardError.ReadToEndAsync());
            await alone.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(HearsayProcess.Deadline);
            Assert.Equal(
                $"No agent answers at {nowhere}. Start one with 'hearsay agent', or name another in HEARSAY_AGENT.",
                (await error).TrimEnd());
            Assert.Equal((1, ""), (alone.ExitCode, await output));
        }

        using var seed = new AgentProcess("--bind", "127.0.0.1:0", "--cycle-time", "200ms");
        await seed.StartedAsync();
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--cycle-time", "200ms", "--seed", seed.Address);
        await agent.StartedAsync();
        await agent.UntilAsync(() => agent.Lines.Contains("peers 1"), "it has a peer");
        using var running = StartBeside(agent.Url, command, program);
        var (lines, errors) = (running.StandardOutput, running.StandardError.ReadToEndAsync());
        Assert.Equal($"talk to {seed.Address}", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Matches(
            "^nodes that have it so far: [12]$", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
        await PublishUntilReadAsync(agent.Url, "hello", lines, errors, $"{agent.Id} hello", "prices");
        running.Kill();
        await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        directory.Delete(recursive: true);
    }

    /// <summary>Begins a stream for the next caller and ends it; returns what the caller sent.</summary>
    private static async Task<string> BreakAsync(TcpListener server)
    {
        using var caller = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(HearsayProcess.Deadline, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(caller.GetStream());
        var head = "";
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line)
        {
            head += line + "\n";
        }

        await caller.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nid: b-0\nretry: 1000\n\n"u8
            .ToArray());
        return head;
    }

    [GeneratedRegex("```(?:python|js)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Publishes a text again and again until a line has it; the lines until then.</summary>
    private static async Task<List<string>> PublishUntilReadAsync(
        string url, string text, StreamReader lines, Task<string> errors, string? expected = null,
        string topic = "t")
    {
        var read = new List<string>();
        var line = lines.ReadLineAsync();
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < HearsayProcess.Deadline, "It did not hear the message.");
            await Curl.RunAsync($"curl -X POST {url}/v1/topics/{topic}/messages -d {text}");
            if (await Task.WhenAny(line, Task.Delay(200)) != line)
            {
                continue;
            }

            if (await line is not { } next)
            {
                throw new InvalidOperationException($"The client ended: {await errors}");
            }

            if (next == (expected ?? text))
            {
                return read;
            }

            read.Add(next);
            line = lines.ReadLineAsync();
        }
    }

    private static Process Start(string command, params string[] arguments) =>
        Process.Start(StartInfo(command, arguments))!;

    /// <summary>The same with the address of an agent in its environment.</summary>
    private static Process StartBeside(string agent, string command, string program)
    {
        var start = StartInfo(command, program);
        start.Environment["HEARSAY_AGENT"] = agent;
        start.Environment["PYTHONUNBUFFERED"] = "1";
        return Process.Start(start)!;
    }

    private static ProcessStartInfo StartInfo(string command, params string[] arguments) => new(command, arguments)
    {
        RedirectStandardOutput = true, RedirectStandardError = true,
    };

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
