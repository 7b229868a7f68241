using System.Net;
using System.Runtime.InteropServices;
using Hearsay.Agent.Calls;
using Hearsay.Cli.Play.Live;

namespace Hearsay.Cli.Tests.Play.Live;

/// <summary>What is shown of an agent follows from what it answers.</summary>
public sealed class AgentSourceTests
{
    private const string Node = """
        {"id":"self","addresses":["127.0.0.1:1"],"networkSize":42.5,"roundTripSeconds":null}
        """;

    [Fact]
    public async Task Peers_that_leave_the_view_stay_in_the_picture_and_are_told_apart()
    {
        var views = new Queue<string>([View("a:3", "b:5"), View("b:6", "c:0")]);
        using var agent = new StubAgent(path => path == "/v1/view" ? views.Dequeue() : Node);
        using var client = new AgentClient(agent.Url, null);
        var source = new AgentSource(client, "here");
        var first = await LookAsync(source);
        Assert.Equal(3, first.Nodes);
        Assert.Equal([2, 2, 4, 2, 42.5, double.NaN], first.Metrics);
        Assert.Equal([3, 1, 1], first.Values);
        Assert.Equal([(1, 3), (2, 5)], first.Links);
        var second = await LookAsync(source);
        Assert.Equal(4, second.Nodes);
        Assert.Equal([2, 1, 3, 3, 42.5, double.NaN], second.Metrics);
        Assert.Equal([3, 0, 1, 1], second.Values);
        Assert.Equal([(2, 6), (3, 0)], second.Links);
        Assert.Equal(["self", "a", "b", "c"], source.Nodes.Select(static facts => facts[0].Value));
    }

    [Fact]
    public async Task A_crowd_of_peers_does_not_grow_without_bound()
    {
        var round = 0;
        using var agent = new StubAgent(path => path == "/v1/view"
            ? View([.. Enumerable.Range(1000 * round++, 700).Select(static peer => $"p{peer}:1")]) : Node);
        using var client = new AgentClient(agent.Url, null);
        var source = new AgentSource(client, "here");
        for (var look = 0; look < 4; look++)
        {
            var shown = await LookAsync(source);
            Assert.Equal(1 + AgentSource.MostPeers, shown.Nodes);
            Assert.True(shown.Metrics[3] <= 2 * AgentSource.MostPeers);
        }
    }

    [Theory]
    [InlineData("[]", "no agent of Hearsay")]
    [InlineData("{\"peers\":[{}]}", "no agent of Hearsay")]
    [InlineData("not json", "no agent of Hearsay")]
    public async Task What_is_no_agent_is_told(string answer, string expected)
    {
        using var agent = new StubAgent(_ => answer);
        using var client = new AgentClient(agent.Url, null);
        var trouble = await new AgentSource(client, "here").LookAsync(new LiveFrame(), CancellationToken.None);
        Assert.Contains(expected, trouble, StringComparison.Ordinal);
    }

    private static string View(params string[] peers) => "{\"peers\":[" + string.Join(",", peers.Select(peer =>
        $$"""{"id":"{{peer.Split(':')[0]}}","addresses":["127.0.0.1:9"],"ageCycles":{{peer.Split(':')[1]}}}""")) + "]}";

    private static async Task<Seen> LookAsync(AgentSource source)
    {
        var frame = new LiveFrame();
        Assert.Null(await source.LookAsync(frame, TestContext.Current.CancellationToken));
        var text = System.Text.Encoding.UTF8.GetString(frame.ToEvent());
        var data = Convert.FromBase64String(text["event: frame\ndata: ".Length..].Trim());
        var numbers = MemoryMarshal.Cast<byte, int>(data).ToArray();
        var metrics = numbers[14..20].Select(static number => (double)BitConverter.Int32BitsToSingle(number)).ToArray();
        var (values, links, place) = (new List<float>(), new List<(int, int)>(), 20);
        for (var node = 0; node < numbers[8]; node++)
        {
            values.Add(BitConverter.Int32BitsToSingle(numbers[place + 2]));
            links.AddRange(numbers[(place + 4)..(place + 4 + numbers[place + 1])]
                .Select(static link => (link & 0xFFFF, link >> 16)));
            place += 4 + numbers[place + 1];
        }

        return new Seen(numbers[8], metrics, values, links);
    }

    private sealed record Seen(int Nodes, double[] Metrics, List<float> Values, List<(int, int)> Links);

    /// <summary>Answers every call with what the test says.</summary>
    private sealed class StubAgent : IDisposable
    {
        private readonly HttpListener _listener = new();

        public StubAgent(Func<string, string> answer)
        {
            for (var port = 20_000 + (Environment.ProcessId % 20_000); ; port++)
            {
                try
                {
                    _listener.Prefixes.Clear();
                    _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                    _listener.Start();
                    Url = new Uri($"http://127.0.0.1:{port}/");
                    break;
                }
                catch (HttpListenerException)
                {
                    // Taken; the next one.
                }
            }

            _ = ServeAsync(answer);
        }

        public Uri Url { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync(Func<string, string> answer)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var body = System.Text.Encoding.UTF8.GetBytes(answer(context.Request.Url!.AbsolutePath));
                    await context.Response.OutputStream.WriteAsync(body);
                    context.Response.Close();
                }
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
