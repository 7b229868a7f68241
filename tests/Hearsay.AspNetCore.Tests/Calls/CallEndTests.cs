using System.Net.Sockets;
using System.Text;

namespace Hearsay.AspNetCore.Tests.Calls;

/// <summary>Without an answer in time, the server waits for half a minute and then closes the connections.</summary>
public sealed class CallEndTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/v1/handlers/load/next?waitSeconds=60", 204)]
    [InlineData("PUT", "/v1/maps/c/keys/k?nodes=60&timeoutSeconds=600", 503)]
    public async Task A_call_that_waits_is_answered_when_the_host_stops(string method, string path, int status)
    {
        await using var service = await StartAsync();
        var call = service.CallAsync(new HttpMethod(method), path, "x");
        await BegunAsync(service);
        var stopping = service.App.StopAsync(Cancellation);
        var (answer, problem) = await call;
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.True(status == 204 || problem.GetProperty("type").GetString() == "stopped");
        await stopping;
    }

    [Fact]
    public async Task A_body_that_comes_slowly_is_not_waited_for_when_the_host_stops()
    {
        await using var service = await StartAsync();
        using var caller = new TcpClient();
        await caller.ConnectAsync("127.0.0.1", service.Port, Cancellation);
        await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "PUT /v1/maps/c/keys/k HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nbegun"));
        await BegunAsync(service);
        var stopping = service.App.StopAsync(Cancellation);
        using var answer = new StreamReader(caller.GetStream());
        Assert.Equal("HTTP/1.1 503 Service Unavailable", await answer.ReadLineAsync(Cancellation));
        caller.Close();
        await stopping;
    }

    private static Task<ServiceRun> StartAsync() =>
        ServiceRun.StartAsync(node: static node => node.Maps = new MapOptions());

    /// <summary>Until one call beside those that ask for it has come.</summary>
    private static Task BegunAsync(ServiceRun service)
    {
        var own = 0;
        return ServiceRun.UntilAsync(() => CallsOf(service) - ++own == 1, "the call is there");
    }

    private static long CallsOf(ServiceRun service) => long.Parse(
        service.Client.GetStringAsync("/metrics").Result.Split('\n').Single(static line => line.StartsWith(
            "hearsay_http_calls_total ", StringComparison.Ordinal)).Split(' ')[1], null);
}
