using Hearsay.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hearsay.Benchmarks.Http;

/// <summary>
/// <c>http-server</c>: a process with the HTTP service before a node with thirty peers, and beside it, on the same
/// server, a bare minimal-API endpoint that returns a constant of the same size. It prints its address and runs until
/// its input ends.
/// </summary>
internal static class HttpServerProcess
{
    public const string Command = "http-server";

    private const int Peers = 30;

    /// <summary>As long as an answer of <c>/v1/peer</c>.</summary>
    private const string Constant =
        """{"id":"00000000000000000000000000000000","addresses":["127.0.0.1:00000"],"metadata":"","ageCycles":1,"""
        + "\"source\":\"fresh\"}";

    public static async Task<int> RunAsync()
    {
        var network = new MemoryNetwork();
        var seed = network.NewAddress().ToString();
        var others = new List<GossipNode>();
        for (var i = 0; i < Peers; i++)
        {
            others.Add(await GossipNode.StartAsync(new GossipNodeOptions
            {
                Bind = i == 0 ? seed : network.NewAddress().ToString(), Seeds = i == 0 ? [] : [seed],
                Network = network,
            }));
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddSingleton(network).AddHearsay(options =>
        {
            options.Bind = network.NewAddress().ToString();
            options.Seeds.Add(seed);
        });
        var app = builder.Build();
        app.MapHearsay();
        app.MapGet("/bare", () => TypedResults.Text(Constant, "application/json"));
        await app.StartAsync();
        await app.Services.GetRequiredService<IHearsay>().Node.WaitForPeersAsync(Peers - 5);
        Console.WriteLine(app.Urls.Single());
        Console.In.ReadToEnd();
        await app.StopAsync();
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }

        return 0;
    }
}
