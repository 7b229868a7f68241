using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Hearsay.Agent.Tests.Http;

/// <summary>What an agent is sent that is no proper call. It refuses, and goes on gossiping.</summary>
public sealed class HostileCallersTests
{
    [Fact]
    public async Task Junk_and_what_is_too_large_are_refused_and_the_node_goes_on()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--cycle-time", "200ms");
        await agent.StartedAsync();
        var port = new Uri(agent.Url).Port;
        var random = new Random(1);
        var noise = new byte[4096];
        random.NextBytes(noise);
        var headers = string.Concat(Enumerable.Range(0, 100).Select(static i => $"X{i}: 1\r\n"));
        foreach (var (sent, status) in new (byte[], string)[]
        {
            (noise, "400"), (Line("GET /v1/peer\r\n\r\n"), "400"),
            (Line("GET /v1/peer HTTP/9.9\r\nHost: x\r\n\r\n"), "505"),
            (Line("GET /v1/peer HTTP/1.1\r\n\r\n"), "400"),
            (Line($"GET /{new string('a', 10_000)} HTTP/1.1\r\nHost: x\r\n\r\n"), "414"),
            (Line($"GET / HTTP/1.1\r\nHost: x\r\nA: {new string('a', 20_000)}\r\n\r\n"), "431"),
            (Line($"GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n"), "431"),
            (Line("POST /v1/topics/t/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + "Content-Length: 17000000\r\n\r\n"), "413"),
            (Line("POST /v1/topics/t/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n"), "400"),
            (Line("POST /v1/topics/t/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
                "400"),
            (Line("PUT /v1/samplers/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "ffffffffffffffffff\r\n"), "400"),
            (Line("POST /v1/topics/t/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "ffffffffffffffffff\r\n"), "400"),
            (Line("PUT /v1/samplers/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 9\r\n\r\n"
                + "{\"a\":1}}}"), "400"),
        })
        {
            var answer = await SendAsync(port, sent);

            // Of a connection that is reset while more comes the answer may be lost.
            Assert.True(
                answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal)
                    || (answer.Length == 0 && ReferenceEquals(sent, noise)),
                $"{Encoding.Latin1.GetString(sent)[..Math.Min(80, sent.Length)]}: {answer}");
        }

        // What never becomes a call gets no answer, or a refusal if the server saw its end in time.
        var nothing = await SendAsync(port, Line("\r\n\r\n\0\0\0"), ends: true);
        Assert.True(nothing.Length == 0 || nothing.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), nothing);
        var (code, body) = await Curl.RunAsync($"curl {agent.Url}/v1/health/live");
        Assert.Equal("200", code);
        Assert.Contains("healthy", body, StringComparison.Ordinal);
        Assert.Contains("hearsay_http_faults_total 0\n", (await Curl.RunAsync($"curl {agent.Url}/metrics")).Body,
            StringComparison.Ordinal);
        Assert.DoesNotContain("fail", agent.Errors, StringComparison.Ordinal);
    }

    /// <summary>What is around the chunks of a body is no part of it.</summary>
    [Fact]
    public async Task A_body_in_chunks_may_be_as_long_as_any_other_and_no_longer()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--maps", "true");
        await agent.StartedAsync();
        foreach (var (chunks, status) in new[] { (4096, "200"), (4097, "413") })
        {
            var body = string.Concat(Enumerable.Repeat($"1000\r\n{new string(' ', 4096)}\r\n", chunks));
            var answer = await SendAsync(new Uri(agent.Url).Port, Line(
                "POST /v1/maps/m/lines HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + $"Transfer-Encoding: chunked\r\n\r\n{body}0\r\n\r\n"));
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Half_open_calls_are_closed_in_time_and_hold_nobody_up()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0");
        await agent.StartedAsync();
        var port = new Uri(agent.Url).Port;
        var open = new List<TcpClient>();
        for (var i = 0; i < 200; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Line("GET /v1/peer HTTP/1.1\r\nHo"));
            open.Add(client);
        }

        Assert.Equal("200", (await Curl.RunAsync($"curl {agent.Url}/v1/node")).Status);
        foreach (var client in open)
        {
            var answer = await ReadAsync(client.GetStream());
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer);
            client.Dispose();
        }
    }

    /// <summary>More connections than there are places, on none of which anything is said.</summary>
    [Fact]
    public async Task Idle_connections_shut_nobody_out()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0");
        await agent.StartedAsync();
        var port = new Uri(agent.Url).Port;
        var open = new List<Socket>();
        try
        {
            for (var i = 0; i < 2_200; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                open.Add(socket);
                await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            }

            Assert.Equal("200", (await Curl.RunAsync($"curl {agent.Url}/v1/health/live")).Status);
            var metrics = (await Curl.RunAsync($"curl {agent.Url}/metrics")).Body;
            var displaced = metrics.Split('\n').Single(static line => line.StartsWith(
                "hearsay_http_connections_displaced_total ", StringComparison.Ordinal));
            Assert.InRange(int.Parse(displaced.Split(' ')[1], null), 153, 200);
        }
        finally
        {
            open.ForEach(static socket => socket.Dispose());
        }
    }

    /// <summary>More connections than the process may have descriptors: it answers, and does not abort.</summary>
    [Fact]
    public async Task Idle_connections_use_up_no_descriptors_that_the_agent_needs()
    {
        if (!OperatingSystem.IsLinux())
        {
            // Other systems do not tell the limit.
            return;
        }

        var data = Directory.CreateTempSubdirectory("hearsay");
        using var agent = new ShellRun(
            "ulimit -n 512", $"agent --bind 127.0.0.1:0 --http 127.0.0.1:0 --data '{data.FullName}'");
        var open = new List<Socket>();
        try
        {
            var url = await AddressOfAsync(Path.Combine(data.FullName, "http.url"), agent);
            for (var i = 0; i < 600; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                open.Add(socket);
                try
                {
                    await socket.ConnectAsync("127.0.0.1", url.Port, TestContext.Current.CancellationToken);
                }
                catch (SocketException) when (agent.HasExited)
                {
                    Assert.Fail($"{i} {await agent.ExitAsync()}");
                }
            }

            // Hundreds came at once, and those that gave way take a moment to end.
            var began = Stopwatch.GetTimestamp();
            while ((await StatusOfAsync($"{url}v1/health/live")) != "200")
            {
                Assert.False(agent.HasExited, agent.HasExited ? $"{await agent.ExitAsync()}" : "");
                Assert.True(Stopwatch.GetElapsedTime(began) < HearsayProcess.Deadline, "Nobody answers the probe.");
            }

            Assert.False(agent.HasExited, agent.HasExited ? $"{await agent.ExitAsync()}" : "");
        }
        finally
        {
            open.ForEach(static socket => socket.Dispose());
            agent.Terminate();
            await agent.ExitAsync();
            data.Delete(recursive: true);
        }
    }

    private static async Task<string> StatusOfAsync(string url) => (await Curl.RunAsync($"curl {url}")).Status;

    /// <summary>Where an agent serves, once it has told so in its data directory.</summary>
    private static async Task<Uri> AddressOfAsync(string file, ShellRun agent)
    {
        var watch = Stopwatch.StartNew();
        var url = "";
        while (!url.EndsWith('\n'))
        {
            Assert.True(!agent.HasExited && watch.Elapsed < ShellRun.Deadline, "It serves nothing.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
            url = File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : "";
        }

        return new Uri(url.Trim());
    }

    private static byte[] Line(string text) => Encoding.Latin1.GetBytes(text);

    private static async Task<string> SendAsync(int port, byte[] bytes, bool ends = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes);
            if (ends)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            // Before all of it was sent.
        }

        return await ReadAsync(stream);
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken)
                .WaitAsync(HearsayProcess.Deadline, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It was closed while something was still on its way to it.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
