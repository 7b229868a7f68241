using Hearsay.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Hosting.Tests;

public sealed class HearsayHealthCheckTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_node_has_a_check_for_probes_that_restart_and_one_for_those_that_wait()
    {
        using var host = Build(static services =>
        {
            services.AddHearsay(options => options.Bind = "127.0.0.1:0");
            services.AddHearsay("orders", options =>
            {
                options.Bind = "127.0.0.1:0";
                options.Seeds.Add("127.0.0.1:1");
            });
        });
        await host.StartAsync(Cancellation);
        var report = await CheckAsync(host);

        Assert.Equal(
            ["hearsay-live", "hearsay-live-orders", "hearsay-ready", "hearsay-ready-orders"],
            report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(report.Entries.Values, static entry => Assert.Null(entry.Exception));
        Assert.Equal(HealthStatus.Healthy, report.Entries["hearsay-live"].Status);
        Assert.Equal(HealthStatus.Healthy, report.Entries["hearsay-ready"].Status);
        Assert.Equal(HealthStatus.Healthy, report.Entries["hearsay-live-orders"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["hearsay-ready-orders"].Status);
        Assert.Contains("has not met anybody yet", report.Entries["hearsay-ready-orders"].Description);
        Assert.Equal("Starting", report.Entries["hearsay-ready-orders"].Data["state"]);
        var live = await CheckAsync(host, HearsayHealthCheck.Live);
        Assert.Equal(HealthStatus.Healthy, live.Status);
        Assert.Equal(2, live.Entries.Count);
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(host, HearsayHealthCheck.Ready)).Status);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_node_that_has_left_fails_both()
    {
        using var host = Build(static services => services.AddHearsay(options => options.Bind = "127.0.0.1:0"));
        await host.StartAsync(Cancellation);
        await host.Services.GetRequiredService<IHearsay>().Node.LeaveAsync(Cancellation);
        var report = await CheckAsync(host);
        Assert.All(report.Entries.Values, static entry => Assert.Equal(HealthStatus.Unhealthy, entry.Status));
        await host.StopAsync(Cancellation);
    }

    private static IHost Build(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        add(builder.Services);
        return builder.Build();
    }

    private static Task<HealthReport> CheckAsync(IHost host, string? tag = null) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(
            registration => tag is null || registration.Tags.Contains(tag), Cancellation);
}
