using Hearsay.Agent.Seeds;
using Hearsay.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Agent.Tests.Seeds;

public sealed class SeedWatchTests
{
    [Fact]
    public async Task A_node_joins_through_what_the_records_name()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var seed = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = "127.0.0.1:0", Cluster = "srv", RandomSeed = LiveSeed.Next() },
            cancellation);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHearsay(options => (options.Bind, options.Cluster) = ("127.0.0.1:0", "srv"));
        var (asked, warnings) = (0, new List<string>());
        builder.Services.AddHostedService(services => new SeedWatch(
            services.GetRequiredService<IHearsay>(), warnings.Add)
        {
            Service = "_h.x",
            LookUp = (name, _) => ++asked == 1
                ? throw new IOException("no name server has answered.")
                : Task.FromResult<IReadOnlyList<string>>([$"{seed.LocalAddress}"]),
        });
        using var host = builder.Build();
        await host.StartAsync(cancellation);
        await host.Services.GetRequiredService<IHearsay>().Node.WaitForPeersAsync(1, cancellation)
            .WaitAsync(HearsayProcess.Deadline, cancellation);
        Assert.Contains("_h.x cannot be looked up", Assert.Single(warnings));
        await host.StopAsync(cancellation);
    }
}
