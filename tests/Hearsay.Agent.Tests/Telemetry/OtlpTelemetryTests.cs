using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Hearsay.Agent.Tests.Http;

namespace Hearsay.Agent.Tests.Telemetry;

public sealed class OtlpTelemetryTests
{
    [Fact]
    public async Task Two_agents_send_metrics_and_one_trace_of_a_message_to_a_collector()
    {
        using var collector = new Collector();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        using var one = new AgentProcess(environment, "--bind", "127.0.0.1:0", "--cycle-time", "200ms");
        await one.StartedAsync();
        using var two = new AgentProcess(
            environment, "--bind", "127.0.0.1:0", "--cycle-time", "200ms", "--seed", one.Address);
        await two.StartedAsync();
        await two.UntilAsync(() => two.Lines.Contains("peers 1"), "a peer");
        var (status, _) = await Curl.RunAsync($"curl -X POST {two.Url}/v1/topics/prices/messages -d EUR");
        Assert.Equal("202", status);

        await one.UntilAsync(
            () => collector.Has("hearsay.exchanges") && collector.Has("hearsay.broadcast.propagation")
                && collector.Has("publish prices") && collector.Has("deliver prices") && collector.Has(one.Id),
            "metrics and traces");
        Assert.Equal(collector.TraceOf("publish prices"), collector.TraceOf("deliver prices"));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_disturbs_nobody()
    {
        var environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" };
        using var agent = new AgentProcess(environment, "--bind", "127.0.0.1:0");
        await agent.StartedAsync();
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync());
        Assert.DoesNotContain("   at ", agent.Errors);
    }

    /// <summary>Keeps what is posted to it.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<byte[]> _bodies = new();

        public Collector()
        {
            for (var port = Random.Shared.Next(20_000, 30_000); !_listener.IsListening; port++)
            {
                try
                {
                    Url = $"http://127.0.0.1:{port}";
                    _listener.Prefixes.Clear();
                    _listener.Prefixes.Add(Url + "/");
                    _listener.Start();
                }
                catch (HttpListenerException)
                {
                    // Somebody has the port.
                }
            }

            _ = TakeAsync();
        }

        public string Url { get; private set; } = string.Empty;

        public bool Has(string text) => Find(text) is not null;

        /// <summary>The id of the trace of a span: its first field, some bytes before its name.</summary>
        public string TraceOf(string span)
        {
            var (body, at) = Find(span)!.Value;
            var start = body.AsSpan(0, at).LastIndexOf((ReadOnlySpan<byte>)[0x0A, 16]);
            return Convert.ToHexString(body.AsSpan(start + 2, 16));
        }

        public void Dispose() => _listener.Close();

        private (byte[] Body, int At)? Find(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            foreach (var body in _bodies)
            {
                if (body.AsSpan().IndexOf(bytes) is >= 0 and var at)
                {
                    return (body, at);
                }
            }

            return null;
        }

        private async Task TakeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    _bodies.Enqueue(body.ToArray());
                    context.Response.ContentType = "application/x-protobuf";
                    context.Response.Close();
                }
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                // It is closed.
            }
        }
    }
}
