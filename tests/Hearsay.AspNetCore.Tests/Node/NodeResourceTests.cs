using System.Net;
using System.Text;
using Hearsay.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hearsay.AspNetCore.Tests.Node;

public sealed class NodeResourceTests
{
    [Fact]
    public async Task A_node_says_who_it_is_and_what_it_says_of_itself_can_be_changed()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        var before = await service.GetAsync("/v1/node");
        Assert.Equal(service.Node.Id.ToString(), before.GetProperty("id").GetString());
        Assert.Equal("default", before.GetProperty("cluster").GetString());
        Assert.Equal("healthy", before.GetProperty("health").GetString());
        Assert.Equal(1, before.GetProperty("peers").GetInt32());

        var (answer, _) = await service.CallAsync(HttpMethod.Put, "/v1/node/metadata", "http=8080");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var after = await service.GetAsync("/v1/node");
        Assert.Equal("http=8080", Encoding.UTF8.GetString(after.GetProperty("metadata").GetBytesFromBase64()));
        Assert.True(after.GetProperty("incarnation").GetUInt64() > before.GetProperty("incarnation").GetUInt64());
        var problem = await service.RefusedAsync(
            413, "too-large", HttpMethod.Put, "/v1/node/metadata", new string('x', 257));
        Assert.Contains("256", problem.GetProperty("allowed").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_begin_with_the_whole_view_and_go_on_with_its_changes()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        using var events = await service.ListenAsync("/v1/events");
        var (_, _, view) = await events.ReadAsync("view");
        Assert.Equal(1, view.GetProperty("peers").GetArrayLength());

        var added = await service.AddNodeAsync(seed: service.Others[0].Addresses.Primary.ToString());
        Assert.Equal(added.Id.ToString(), (await events.ReadAsync("added")).Data.GetProperty("id").GetString());
        await added.LeaveAsync();
        var (id, _, gone) = await events.ReadAsync("removed");
        Assert.Equal(added.Id.ToString(), gone.GetProperty("id").GetString());
        Assert.NotNull(id);
    }

    [Fact]
    public async Task After_a_leave_calls_say_that_the_node_has_stopped_and_the_host_runs_on()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        using var events = await service.ListenAsync("/v1/events");
        await events.ReadAsync("view");

        var (answer, result) = await service.CallAsync(HttpMethod.Post, "/v1/leave");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(result.GetProperty("isComplete").GetBoolean());
        while (await events.ReadAsync() is not null)
        {
        }

        await service.RefusedAsync(503, "stopped", HttpMethod.Get, "/v1/peer");
        await service.RefusedAsync(503, "stopped", HttpMethod.Get, "/v1/view");
        await service.RefusedAsync(503, "stopped", HttpMethod.Post, "/v1/topics/t/messages", "x");
        await service.RefusedAsync(503, "stopped", HttpMethod.Get, "/v1/topics/t/events");
        await service.RefusedAsync(503, "stopped", HttpMethod.Put, "/v1/aggregates/x", "{}");
        await service.RefusedAsync(503, "stopped", HttpMethod.Put, "/v1/node/metadata", "x");
        await service.RefusedAsync(503, "stopped", HttpMethod.Put, "/v1/samplers/x", "{}");
        var (live, _) = await service.CallAsync(HttpMethod.Get, "/v1/health/live");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, live.StatusCode);
    }

    [Fact]
    public async Task A_leave_stops_the_host_where_that_is_asked_for()
    {
        await using var service = await ServiceRun.StartAsync(options: new() { StopHostAfterLeave = true });
        var lifetime = service.App.Services.GetRequiredService<IHostApplicationLifetime>();
        Assert.Equal(HttpStatusCode.OK, (await service.CallAsync(HttpMethod.Post, "/v1/leave")).Answer.StatusCode);
        await ServiceRun.UntilAsync(() => lifetime.ApplicationStopping.IsCancellationRequested, "the host stops");
    }

    [Fact]
    public async Task A_host_that_stops_does_not_wait_for_open_streams()
    {
        await using var service = await ServiceRun.StartAsync();
        using var one = await service.ListenAsync("/v1/events");
        using var two = await service.ListenAsync("/v1/topics/t/events");
        await one.ReadAsync("view");
        await service.App.StopAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(service.App.Services.GetRequiredService<IHearsay>().Node.Completion.IsCompletedSuccessfully);
    }
}
