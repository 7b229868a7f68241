using System.Diagnostics;
using System.Globalization;
using Hearsay.Hosting;
using Hearsay.Protocols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Hearsay.Benchmarks.Http;

/// <summary>
/// <c>http-server [PEERS]</c>: a process with the HTTP service before a node with thirty peers, and beside it, on
/// the same server, a bare minimal-API endpoint that returns a constant of the same size. It prints its address and
/// runs until its input ends. It answers the line <c>memory</c> with the bytes of its heap, <c>cycles</c> with the
/// cycles of the node and when the last began, and on <c>publish RATE SECONDS BYTES</c> another node publishes messages
/// that begin with the moment when they were.
/// </summary>
internal static class HttpServerProcess
{
    public const string Command = "http-server";

    private const int Peers = 30;

    /// <summary>Messages are held so briefly that they do not count among what readers cost.</summary>
    private static readonly BroadcastOptions s_broadcast = new() { Retention = TimeSpan.FromSeconds(5) };

    /// <summary>As long as an answer of <c>/v1/peer</c>.</summary>
    private const string Constant =
        """{"id":"00000000000000000000000000000000","addresses":["127.0.0.1:00000"],"metadata":"","ageCycles":1,"""
        + "\"source\":\"fresh\"}";

    public static async Task<int> RunAsync(string[] args)
    {
        var peers = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Peers;
        var network = new MemoryNetwork();
        var seed = network.NewAddress().ToString();
        var others = new List<GossipNode>();
        for (var i = 0; i < peers; i++)
        {
            others.Add(await GossipNode.StartAsync(new GossipNodeOptions
            {
                Bind = i == 0 ? seed : network.NewAddress().ToString(), Seeds = i == 0 ? [] : [seed],
                Network = network, Broadcast = s_broadcast,
            }));
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        // As the agent does.
        builder.Services.Configure<SocketTransportOptions>(static options => options.MaxWriteBufferSize = 32 << 10);
        builder.Services.AddRoutingCore().AddSingleton(network).AddHearsay(options =>
        {
            options.Bind = network.NewAddress().ToString();
            options.Seeds.Add(seed);
            options.Broadcast = s_broadcast;
        });
        var app = builder.Build();
        app.MapHearsay();
        app.MapGet("/bare", () => TypedResults.Text(Constant, "application/json"));
        await app.StartAsync();
        var node = app.Services.GetRequiredService<IHearsay>().Node;
        await node.WaitForPeersAsync(Math.Max(1, peers - 5));
        var topic = others[0].GetTopic("t");
        await topic.WaitForNeighboursAsync();
        Console.WriteLine(app.Urls.Single());
        var pace = new CyclePace(node);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["memory"]:
                    Console.WriteLine(GC.GetTotalMemory(forceFullCollection: true));
                    break;
                case ["cycles"]:
                    Console.WriteLine(pace.Now());
                    break;
                case ["publish", var rate, var seconds, var bytes]:
                    Console.WriteLine(await PublishAsync(topic, Number(rate), Number(seconds), Number(bytes)));
                    break;
            }
        }

        await app.StopAsync();
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }

        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>At a steady rate, in small groups where the timer is coarse.</summary>
    private static async Task<int> PublishAsync(Topic topic, int rate, int seconds, int bytes)
    {
        var (start, sent) = (Stopwatch.GetTimestamp(), 0);
        while (sent < rate * seconds)
        {
            while (sent < rate * seconds && sent < Stopwatch.GetElapsedTime(start).TotalSeconds * rate)
            {
                await topic.PublishAsync($"{Stopwatch.GetTimestamp():x16} {new string('.', bytes - 17)}");
                sent++;
            }

            await Task.Delay(1);
        }

        return sent;
    }
}
