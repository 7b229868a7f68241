using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Hearsay.Agent.Tests.Http;

namespace Hearsay.Agent.Tests;

/// <summary>The pages for operators: every line of a shell on them is executed.</summary>
public sealed partial class PagesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hearsay-page-");

    public PagesTests()
    {
        // A program, and not a function of the shell: a signal to it is one to the command.
        var command = Path.Combine(_directory.FullName, "hearsay");
        File.WriteAllText(
            command, $"#!/bin/sh\nexec dotnet exec '{typeof(Program).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("operations.md", 5)]
    [InlineData("deployment.md", 1)]
    [InlineData("troubleshooting.md", 8)]
    public async Task Every_line_works_beside_an_agent(string page, int least)
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0");
        await agent.StartedAsync();

        // An agent that stays, a build, and what a service manager has are not for a line of a test.
        var lines = LinesOf(page).Where(static line =>
            !line.Contains("hearsay agent", StringComparison.Ordinal)
            && !line.StartsWith("make ", StringComparison.Ordinal)).ToList();
        Assert.InRange(lines.Count, least, 50);
        var script = string.Join('\n', lines.Select(line => line
            .Replace("http://127.0.0.1:7980", agent.Url, StringComparison.Ordinal)
            .Replace("$(pgrep -f \"hearsay.agent\")", $"{agent.ProcessId}", StringComparison.Ordinal)));
        await RunAsync(script, ("HEARSAY_AGENT", agent.Url), ("HEARSAY_BIND", "127.0.0.1:0"));
        Assert.DoesNotContain("left", agent.Lines);
    }

    [Fact]
    public async Task The_chapter_about_running_it_works_from_its_first_line_to_its_last()
    {
        var ports = new Dictionary<string, string>();
        var script = Port().Replace(
            string.Join('\n', LinesOf("learn/13-running-it.md")), port =>
            {
                if (!ports.TryGetValue(port.Value, out var free))
                {
                    ports[port.Value] = free = FreePort();
                }

                return free;
            });
        var output = await RunAsync(script);
        Assert.Contains("reached at least 2 other nodes", output);
        Assert.Contains("belongs to another cluster than 'other'", output);
        Assert.Contains("answers over UDP and TCP", output);
        Assert.Contains("reached at least 1 other node", output);
        Assert.Contains("reload: done", output);
        Assert.Equal("left", (await File.ReadAllLinesAsync(
            Path.Combine(_directory.FullName, "three.log"), TestContext.Current.CancellationToken))[^1]);
    }

    [Fact]
    public async Task The_file_of_options_on_the_page_fits_an_agent()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(HttpPageTests.Root, "docs", "operations.md"), TestContext.Current.CancellationToken);
        var (etc, file) = (_directory.CreateSubdirectory("etc"), Path.Combine(_directory.FullName, "agent.json"));
        Assert.Equal(0, (await Cli.RunAsync($"keys generate --out {etc.FullName}/keyring")).ExitCode);
        await File.WriteAllTextAsync(Path.Combine(etc.FullName, "seeds"), "", TestContext.Current.CancellationToken);
        var json = OptionsBlock().Match(page).Groups[1].Value;
        Assert.InRange(json.Split('\n').Length, 10, 40);
        await File.WriteAllTextAsync(
            file,
            json.Replace("/etc/hearsay", etc.FullName, StringComparison.Ordinal)
                .Replace("/var/lib/hearsay", Path.Combine(_directory.FullName, "data"), StringComparison.Ordinal)
                .Replace("10.0.0.5:7946", "127.0.0.1:1", StringComparison.Ordinal)
                .Replace("nodes.example.com", "127.0.0.1:2", StringComparison.Ordinal)
                .Replace("0.0.0.0:7946", "0.0.0.0:0", StringComparison.Ordinal)
                .Replace("127.0.0.1:7980", "127.0.0.1:0", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        using var agent = new AgentProcess("--config", file);
        await agent.StartedAsync();
        Assert.EndsWith("cluster prices", agent.Lines[0], StringComparison.Ordinal);
        Assert.Contains("http http://127.0.0.1:", agent.Lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("hearsay agent: ", agent.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_directory.FullName, "data", "node.json")));
        await agent.KillAsync();
    }

    private static List<string> LinesOf(string page)
    {
        var text = File.ReadAllText(Path.Combine(HttpPageTests.Root, "docs", page));
        return [.. Block().Matches(text).SelectMany(static block => block.Groups[1].Value.Split('\n'))
            .Where(static line => line.Length > 0)];
    }

    /// <summary>None of those that the system gives to whoever asks for any: others would take it meanwhile.</summary>
    private static string FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
                listener.Start();
                return $"{((IPEndPoint)listener.LocalEndpoint).Port}";
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    /// <summary>Runs lines in one shell. Each has to end with 0, or as its remark says.</summary>
    private async Task<string> RunAsync(string script, params (string Name, string Value)[] variables)
    {
        var lines = script.Split('\n').Select(line =>
        {
            var expected = Expected().Match(line) is { Success: true } said ? said.Groups[1].Value : "0";
            return $"{line}\ncode=$?\n"
                + $"[ $code = {expected} ] || {{ echo \"exit code $code: {Quoted(line)}\"; exit 99; }}";
        });
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            WorkingDirectory = _directory.FullName,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            $"exec 2>&1\ntrap 'kill -9 $(jobs -p) 2>/dev/null' EXIT\nPATH=\"$PWD:$PATH\"\n"
            + $"{string.Join('\n', lines)}\n");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(HearsayProcess.Deadline * 2);
        var output = await process.StandardOutput.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);

        // The line that failed comes first: a report may keep no more of a message than its beginning.
        Assert.True(process.ExitCode == 0, $"{output.TrimEnd().Split('\n')[^1]}\n{output}");
        return output;
    }

    private static string Quoted(string line) => Unsafe().Replace(line, "?");

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("## A file of options\n+```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex OptionsBlock();

    [GeneratedRegex(@"\b(70|79)\d\d\b")]
    private static partial Regex Port();

    [GeneratedRegex(@"# exit code (\d+)")]
    private static partial Regex Expected();

    [GeneratedRegex("[\"$`\\\\]")]
    private static partial Regex Unsafe();
}
