using System.Net;
using System.Text;

namespace Hearsay.AspNetCore.Tests.Requests;

public sealed class RequestsResourceTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_asks_the_peer_that_it_was_given()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        using var answers = service.Others[0].HandleRequests("load", static (request, _) =>
            ValueTask.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(request.Text + ": 0.7")));
        var peer = (await service.GetAsync("/v1/peer")).GetProperty("id").GetString();

        var answer = await service.Client.PostAsync(
            $"/v1/peers/{peer}/requests/load", new StringContent("cpu"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("cpu: 0.7", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Who_gets_no_answer_is_told_why_and_whether_the_handler_may_have_run()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        using var fails = service.Others[0].HandleRequests("fails", static (_, _) => throw new FormatException("x"));
        var url = $"/v1/peers/{service.Others[0].Id}/requests/";

        var none = await service.RefusedAsync(404, "no-handler", HttpMethod.Post, url + "nobody", "x");
        Assert.False(none.GetProperty("mayHaveRun").GetBoolean());
        var failed = await service.RefusedAsync(502, "handler-failed", HttpMethod.Post, url + "fails", "x");
        Assert.True(failed.GetProperty("mayHaveRun").GetBoolean());
        await service.RefusedAsync(413, "too-large", HttpMethod.Post, url + "a", new string('x', 60_001));
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Post, url + new string('n', 65), "x");
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Post, "/v1/peers/abc/requests/a", "x");
        await service.RefusedAsync(
            404, "unknown-peer", HttpMethod.Post, $"/v1/peers/{new NodeId(1, 2)}/requests/a", "x");
    }

    [Fact]
    public async Task A_peer_that_is_gone_is_a_gateway_that_does_not_answer()
    {
        await using var service = await ServiceRun.StartAsync(
            others: 1, node: static node => node.Requests = new RequestOptions { Timeout = TimeSpan.FromSeconds(1) });
        using var hangs = service.Others[0].HandleRequests("hangs", static async (request, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return request.Payload;
        });
        var gone = await service.RefusedAsync(
            504, "no-answer", HttpMethod.Post, $"/v1/peers/{service.Others[0].Id}/requests/hangs", "x");
        Assert.True(gone.GetProperty("mayHaveRun").GetBoolean());
    }

    [Fact]
    public async Task A_node_without_requests_says_so()
    {
        await using var service = await ServiceRun.StartAsync(node: static node => node.Requests = null);
        await service.RefusedAsync(
            501, "not-offered", HttpMethod.Post, $"/v1/peers/{new NodeId(1, 2)}/requests/a", "x");
    }
}
