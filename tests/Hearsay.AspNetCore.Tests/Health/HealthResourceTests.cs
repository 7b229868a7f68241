using System.Net;

namespace Hearsay.AspNetCore.Tests.Health;

public sealed class HealthResourceTests
{
    [Fact]
    public async Task The_first_node_of_a_network_is_healthy_without_peers()
    {
        await using var service = await ServiceRun.StartAsync();
        await ExpectAsync(service, "ready", HttpStatusCode.OK, "healthy");
        await ExpectAsync(service, "live", HttpStatusCode.OK, "healthy");
    }

    [Fact]
    public async Task A_node_that_finds_nobody_is_starting_and_not_ready_but_alive()
    {
        await using var service = await ServiceRun.StartAsync(node: options => options.Seeds.Add("127.0.0.1:1"));
        await ExpectAsync(service, "ready", HttpStatusCode.ServiceUnavailable, "starting");
        await ExpectAsync(service, "live", HttpStatusCode.OK, "starting");
    }

    [Fact]
    public async Task A_node_that_loses_its_last_peer_is_healthy_for_a_while_and_then_isolated_and_says_so_once()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        await ExpectAsync(service, "ready", HttpStatusCode.OK, "healthy");
        using var events = await service.ListenAsync("/v1/events");
        await service.Others[0].LeaveAsync();
        await ServiceRun.UntilAsync(() => service.Node.ViewCount == 0, "the view is empty");
        await ExpectAsync(service, "ready", HttpStatusCode.OK, "healthy");

        var (_, _, told) = await events.ReadAsync("health");
        Assert.Equal("isolated", told.GetProperty("state").GetString());
        await ExpectAsync(service, "ready", HttpStatusCode.ServiceUnavailable, "isolated");
        await ExpectAsync(service, "live", HttpStatusCode.OK, "isolated");
    }

    [Theory]
    [InlineData("ready", HttpStatusCode.ServiceUnavailable)]
    [InlineData("live", HttpStatusCode.OK)]
    public async Task A_probe_may_ask_for_the_status_alone(string probe, HttpStatusCode expected)
    {
        await using var service = await ServiceRun.StartAsync(node: options => options.Seeds.Add("127.0.0.1:1"));
        using var call = new HttpRequestMessage(HttpMethod.Head, $"/v1/health/{probe}");

        using var answer = await service.Client.SendAsync(call, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static async Task ExpectAsync(ServiceRun service, string probe, HttpStatusCode status, string state)
    {
        var (answer, body) = await service.CallAsync(HttpMethod.Get, $"/v1/health/{probe}");
        Assert.Equal((status, state), (answer.StatusCode, body.GetProperty("state").GetString()));
    }
}
