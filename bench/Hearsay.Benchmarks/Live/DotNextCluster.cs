using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DotNext.Net;
using DotNext.Net.Cluster.Discovery.HyParView;
using DotNext.Net.Cluster.Discovery.HyParView.Http;
using DotNext.Net.Cluster.Messaging.Gossip;
using DotNext.Net.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// DotNext's HyParView over HTTP in this process, a Kestrel listener a node. The listener starts before the mesh is
/// joined (its example joins first, and then no overlay formed), and every node keeps the numbers of the rumors it has
/// seen and passes a new one on to its active view (its own order check drops those from beyond the neighbours).
/// </summary>
internal sealed class DotNextCluster : IBroadcastCluster
{
    private const string RumorPath = "/rumor";

    /// <summary>Shuffles settle the overlay; the library's defaults are 1 to 3 s.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    private readonly List<IHost> _hosts = [];
    private readonly List<ConcurrentDictionary<int, bool>> _seen = [];
    private long _copies;

    public string Name => "DotNext HyParView";

    public int Nodes => _hosts.Count;

    public Action<int, int>? Received { get; set; }

    /// <summary>Payloads received by all nodes so far.</summary>
    public long Copies => Interlocked.Read(ref _copies);

    /// <summary>Starts them, one after the other; all join through the first.</summary>
    /// <returns>Fewer nodes than asked for if one could not join, which is said.</returns>
    public static async Task<DotNextCluster> StartAsync(int nodes)
    {
        var cluster = new DotNextCluster();
        Uri? contact = null;
        for (var i = 0; i < nodes; i++)
        {
            var here = new Uri($"http://127.0.0.1:{FreePort()}/");
            cluster._seen.Add(new());
            var host = cluster.Build(i, here, contact);
            try
            {
                await host.StartAsync();
            }
            catch (Exception late) when (late is HttpRequestException or OperationCanceledException)
            {
                Console.WriteLine($"DotNext: node {i + 1} could not join: {late.Message}");
                host.Dispose();
                break;
            }

            cluster._hosts.Add(host);
            contact ??= here;
        }

        await Task.Delay(Settle);
        return cluster;
    }

    /// <summary>How many nodes can be reached from the first over the links of the active views.</summary>
    public int CountReachable()
    {
        var ports = _hosts.ConvertAll(static host => Mesh(host).Peers.Select(PortOf).ToHashSet());
        var own = _hosts.ConvertAll(static host => host.Services.GetRequiredService<LocalPort>().Number);
        var (reached, rest) = (new HashSet<int> { 0 }, new Queue<int>([0]));
        while (rest.TryDequeue(out var node))
        {
            foreach (var next in ports[node].Select(port => own.IndexOf(port))
                .Where(next => next >= 0 && reached.Add(next)))
            {
                rest.Enqueue(next);
            }
        }

        return reached.Count;
    }

    public Task PublishAsync(int node, int message, int bytes)
    {
        var payload = new byte[bytes];
        BinaryPrimitives.WriteInt32LittleEndian(payload, message);
        _seen[node].TryAdd(message, true);
        return SpreadAsync(_hosts[node].Services, payload, CancellationToken.None);
    }

    /// <summary>Numbers of messages begin anew.</summary>
    public void Forget() => _seen.ForEach(static seen => seen.Clear());

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            try
            {
                await host.StopAsync(TimeSpan.FromSeconds(5));
            }
            catch (Exception late) when (
                late is HttpRequestException or OperationCanceledException or AggregateException)
            {
                // It tells neighbours that it leaves, and some of them have left already.
            }

            host.Dispose();
        }
    }

    private IHost Build(int index, Uri here, Uri? contact) => new HostBuilder()
        .ConfigureLogging(static logging => logging.ClearProviders())
        .ConfigureWebHost(web => web
            .UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, here.Port))
            .Configure(app => app.UseHyParViewProtocolHandler().Run(context => ReceiveAsync(index, context))))
        .ConfigureServices(services => services
            .AddSingleton(new LocalPort(here.Port)).AddSingleton<IHostLifetime, NoSignals>())
        .JoinMesh((peer, _, _) => (peer.LocalNode, peer.ContactNode) = (here, contact))
        .Build();

    private async Task ReceiveAsync(int index, HttpContext context)
    {
        var payload = new byte[(int)context.Request.ContentLength!.Value];
        await context.Request.Body.ReadExactlyAsync(payload);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        Interlocked.Increment(ref _copies);
        var message = BinaryPrimitives.ReadInt32LittleEndian(payload);
        if (_seen[index].TryAdd(message, true))
        {
            Received?.Invoke(index, message);
            await SpreadAsync(context.RequestServices, payload, context.RequestAborted);
        }
    }

    private static Task SpreadAsync(IServiceProvider services, byte[] payload, CancellationToken cancellation)
    {
        var mesh = services.GetRequiredService<IPeerMesh<HttpPeerClient>>();
        return services.GetRequiredService<PeerController>()
            .EnqueueBroadcastAsync(_ => new Sender(mesh, payload), cancellation).AsTask();
    }

    private static IPeerMesh<HttpPeerClient> Mesh(IHost host) =>
        host.Services.GetRequiredService<IPeerMesh<HttpPeerClient>>();

    private static int PortOf(EndPoint peer) => peer switch
    {
        UriEndPoint uri => uri.Uri.Port, IPEndPoint ip => ip.Port, DnsEndPoint dns => dns.Port, _ => -1,
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private sealed record LocalPort(int Number);

    /// <summary>Ctrl-C ends the benchmark and not each of its hosts.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Sends a rumor to one neighbour; the controller calls it for each of the active view.</summary>
    private sealed class Sender(IPeerMesh<HttpPeerClient> mesh, byte[] payload) : IRumorSender
    {
        public async Task SendAsync(EndPoint peer, CancellationToken token)
        {
            if (mesh.TryGetPeer(peer) is { } client)
            {
                using var content = new ByteArrayContent(payload);
                using var response = await client.PostAsync(RumorPath, content, token);
                response.EnsureSuccessStatusCode();
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
