using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hearsay.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hearsay.AspNetCore.Tests;

/// <summary>
/// The service on a real server at a free port, before a node in a network in memory, with some others.
/// </summary>
internal sealed class ServiceRun : IAsyncDisposable
{
    /// <summary>Only a failing test reaches it.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly WebApplication _app;
    private readonly List<GossipNode> _others = [];
    private readonly MemoryNetwork _network;

    private ServiceRun(WebApplication app, MemoryNetwork network) => (_app, _network) = (app, network);

    /// <summary>Calls the service.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>The port of the service.</summary>
    public int Port => Client.BaseAddress!.Port;

    /// <summary>The routes of the service.</summary>
    public WebApplication App => _app;

    /// <summary>The services of the host.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>What the service logged as an error.</summary>
    public IReadOnlyCollection<string> Defects => _app.Services.GetRequiredService<DefectLog>().Defects;

    /// <summary>The node that is served.</summary>
    public GossipNode Node => _app.Services.GetRequiredService<IHearsay>().Node;

    /// <summary>The other nodes.</summary>
    public IReadOnlyList<GossipNode> Others => _others;

    /// <summary>Starts it.</summary>
    /// <param name="others">Nodes beside the one that is served; it waits until that one knows them all.</param>
    /// <param name="options">Of the service.</param>
    /// <param name="node">Changes the options of the node.</param>
    public static async Task<ServiceRun> StartAsync(
        int others = 0, HearsayHttpOptions? options = null, Action<HearsayOptions>? node = null)
    {
        var network = new MemoryNetwork();
        var seed = network.NewAddress().ToString();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<DefectLog>()
            .AddSingleton<ILoggerProvider>(static services => services.GetRequiredService<DefectLog>());
        builder.Services.AddRoutingCore().AddSingleton(network).AddHearsay(bound =>
        {
            bound.Bind = network.NewAddress().ToString();
            bound.Sampling = bound.Sampling with
            {
                CycleTime = TimeSpan.FromMilliseconds(100), MaximumTimeout = TimeSpan.FromMilliseconds(90),

                // Beside load an answer may take longer than that, and these tests are not about evictions.
                EvictOnTimeout = false,
            };
            bound.Aggregation = AggregationOptions.Default.WithCycles(TimeSpan.FromMilliseconds(100), null);
            if (others > 0)
            {
                bound.Seeds.Add(seed);
            }

            node?.Invoke(bound);
        });
        var app = builder.Build();
        app.MapHearsay(options);
        var run = new ServiceRun(app, network);
        for (var i = 0; i < others; i++)
        {
            await run.AddNodeAsync(i == 0 ? seed : network.NewAddress().ToString(), i == 0 ? null : seed);
        }

        await app.StartAsync(TestContext.Current.CancellationToken);
        run.Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = Deadline };
        await UntilAsync(() => run.Node.ViewCount == others, "the node knows the others");
        return run;
    }

    /// <summary>Waits for a condition.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, $"Not within {Deadline}: {what}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Calls, and reads the answer as JSON.</summary>
    public async Task<(HttpResponseMessage Answer, JsonElement Body)> CallAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Reads, which must succeed.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        var (answer, body) = await CallAsync(HttpMethod.Get, path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {body}");
        return body;
    }

    /// <summary>Calls, which must be refused with a problem of a type.</summary>
    public async Task<JsonElement> RefusedAsync(
        int status, string type, HttpMethod method, string path, string? body = null,
        params (string Name, string Value)[] headers)
    {
        var (answer, problem) = await CallAsync(method, path, body, headers);
        Assert.True((int)answer.StatusCode == status, $"{path}: {answer.StatusCode} {problem}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(type, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }

    /// <summary>Opens a stream of events.</summary>
    public Task<EventReader> ListenAsync(string path, string? lastEventId = null) =>
        EventReader.OpenAsync(Client, path, lastEventId);

    /// <summary>Adds a node to the network.</summary>
    public async Task<GossipNode> AddNodeAsync(
        string? bind = null, string? seed = null, MapOptions? maps = null)
    {
        var added = await GossipNode.StartAsync(
            new GossipNodeOptions
            {
                Bind = bind ?? _network.NewAddress().ToString(),
                Seeds = seed is null ? [] : [seed],
                Network = _network,
                Maps = maps,
                Sampling = PeerSamplingOptions.Recommended with
                {
                    CycleTime = TimeSpan.FromMilliseconds(100), MaximumTimeout = TimeSpan.FromMilliseconds(90),
                    EvictOnTimeout = false,
                },
                Aggregation = AggregationOptions.Default.WithCycles(TimeSpan.FromMilliseconds(100), null),
            },
            TestContext.Current.CancellationToken);
        _others.Add(added);
        return added;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        await _app.DisposeAsync();
    }
}
