using System.Net;

namespace Hearsay.AspNetCore.Tests.Requests;

public sealed class HandlersResourceTests
{
    private const string Next = "/v1/handlers/load/next";

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_answers_the_requests_of_another_node()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        await service.CallAsync(HttpMethod.Post, Next + "?waitSeconds=0");
        var asked = service.Others[0].RequestAsync(
            service.Others[0].GetView()[0], "load", "cpu", Cancellation);

        var (_, request) = await service.CallAsync(HttpMethod.Post, Next);
        Assert.Equal("cpu", request.GetProperty("text").GetString());
        Assert.Equal(service.Others[0].Id.ToString(), request.GetProperty("from").GetProperty("id").GetString());
        var answers = $"/v1/handlers/load/answers/{request.GetProperty("key").GetString()}";
        var (answer, _) = await service.CallAsync(HttpMethod.Post, answers, "0.7");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("0.7", (await asked).Text);
        await service.RefusedAsync(404, "unknown-request", HttpMethod.Post, answers, "again");
    }

    /// <summary>Each waiting call holds a connection, and there are no connections without an end.</summary>
    [Fact]
    public async Task Calls_that_wait_for_requests_are_bounded_and_leave_room_for_others()
    {
        await using var service = await ServiceRun.StartAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = Enumerable.Range(0, 300).Select(
            _ => service.Client.PostAsync(Next + "?waitSeconds=60", null, end.Token)).ToArray();
        await ServiceRun.UntilAsync(() => waiting.Count(static one => one.IsCompleted) == 44, "44 are refused");
        Assert.All(waiting.Where(static one => one.IsCompleted), static one =>
            Assert.Equal(HttpStatusCode.ServiceUnavailable, one.Result.StatusCode));
        await end.CancelAsync();
        await ServiceRun.UntilAsync(() => waiting.All(static one => one.IsCompleted), "all have ended");
        await ServiceRun.UntilAsync(
            () => service.Client.PostAsync(Next + "?waitSeconds=0", null, Cancellation).Result.StatusCode
                == HttpStatusCode.NoContent,
            "there is room again");
    }

    [Fact]
    public async Task Requests_that_nobody_takes_are_bounded_and_those_of_a_deleted_handler_are_told_so()
    {
        await using var service = await ServiceRun.StartAsync(
            others: 1, node: static node => node.Requests = new RequestOptions { MaximumConcurrent = 1_024 });
        var (none, _) = await service.CallAsync(HttpMethod.Post, Next + "?waitSeconds=0");
        Assert.Equal(HttpStatusCode.NoContent, none.StatusCode);
        var peer = service.Others[0].GetView()[0];
        var all = Enumerable.Range(0, 70)
            .Select(i => service.Others[0].RequestAsync(peer, "load", $"{i}", Cancellation)).ToArray();
        await ServiceRun.UntilAsync(() => all.Count(static one => one.IsFaulted) == 6, "six are refused");
        Assert.All(all.Where(static one => one.IsFaulted), static one => Assert.Equal(
            RequestFailure.Busy, Assert.IsType<RequestException>(one.Exception!.InnerException).Failure));
        var asked = all.Where(static one => !one.IsFaulted);

        await service.CallAsync(HttpMethod.Delete, "/v1/handlers/load");
        foreach (var one in asked)
        {
            Assert.Equal(RequestFailure.Busy, (await Assert.ThrowsAsync<RequestException>(() => one)).Failure);
        }

        await Assert.ThrowsAsync<RequestException>(
            () => service.Others[0].RequestAsync(peer, "load", "gone", Cancellation));
    }

    /// <summary>Nobody waits for it any more when it is taken at last.</summary>
    [Fact]
    public async Task A_request_that_its_asker_has_given_up_is_not_handed_out()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        await service.CallAsync(HttpMethod.Post, Next + "?waitSeconds=0");
        using var source = new CancellationTokenSource();
        var peer = service.Others[0].GetView()[0];
        var given = service.Others[0].RequestAsync(peer, "load", "given up", source.Token);
        await ServiceRun.UntilAsync(() => Running(service) == 1, "it waits");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await ServiceRun.UntilAsync(() => Running(service) == 0, "its handler was told");

        var wanted = service.Others[0].RequestAsync(peer, "load", "wanted", Cancellation);
        var (_, request) = await service.CallAsync(HttpMethod.Post, Next);
        Assert.Equal("wanted", request.GetProperty("text").GetString());
        await service.CallAsync(
            HttpMethod.Post, $"/v1/handlers/load/answers/{request.GetProperty("key").GetString()}", "yes");
        Assert.Equal("yes", (await wanted).Text);
    }

    private static double Running(ServiceRun service) =>
        service.Node.GetDiagnostics().Sum("hearsay.requests.running");

    [Fact]
    public async Task A_name_that_the_application_handles_and_names_that_are_too_many_are_refused()
    {
        await using var service = await ServiceRun.StartAsync(
            options: new HearsayHttpOptions { Limits = new HearsayHttpLimits { Handlers = 2 } });
        using var own = service.Node.HandleRequests(
            "own", static (request, _) => ValueTask.FromResult(request.Payload));
        await service.RefusedAsync(409, "handled-elsewhere", HttpMethod.Post, "/v1/handlers/own/next");
        await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Post, $"/v1/handlers/{new string('n', 65)}/next");
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Post, Next + "?waitSeconds=61");
        await service.CallAsync(HttpMethod.Post, "/v1/handlers/a/next?waitSeconds=0");
        await service.CallAsync(HttpMethod.Post, "/v1/handlers/b/next?waitSeconds=0");
        await service.RefusedAsync(503, "too-many-handlers", HttpMethod.Post, "/v1/handlers/c/next");
    }
}
