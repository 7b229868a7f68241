using System.Net;

namespace Hearsay.AspNetCore.Tests.Samplers;

public sealed class SamplersResourceTests
{
    [Fact]
    public async Task Each_sampler_has_a_queue_and_a_policy_of_its_own()
    {
        await using var service = await ServiceRun.StartAsync(others: 4);
        foreach (var name in new[] { "one", "two" })
        {
            await service.CallAsync(HttpMethod.Put, $"/v1/samplers/{name}", "{}");
            var (_, drawn) = await service.CallAsync(
                HttpMethod.Post, $"/v1/samplers/{name}/draws", """{"count":4}""");
            Assert.All(
                drawn.GetProperty("peers").EnumerateArray(),
                peer => Assert.Equal("fresh", peer.GetProperty("source").GetString()));
        }

        var (_, again) = await service.CallAsync(HttpMethod.Post, "/v1/samplers/one/draws");
        Assert.Equal("fallback", again.GetProperty("peers")[0].GetProperty("source").GetString());
        var one = await service.GetAsync("/v1/samplers/one");
        Assert.Equal((5, 1), (one.GetProperty("draws").GetInt64(), one.GetProperty("fallbacks").GetInt64()));
        Assert.Equal("uniform-without-replacement", one.GetProperty("policy").GetString());
        var (_, tail) = await service.CallAsync(
            HttpMethod.Put, "/v1/samplers/two", """{"policy":"tail","leaseSeconds":7}""");
        Assert.Equal("tail", tail.GetProperty("policy").GetString());
        Assert.Equal((0, 7), (tail.GetProperty("draws").GetInt32(), tail.GetProperty("leaseSeconds").GetInt32()));
    }

    [Fact]
    public async Task A_sampler_that_is_not_used_ends_with_its_lease_and_use_renews_it()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        await service.CallAsync(HttpMethod.Put, "/v1/samplers/short", """{"leaseSeconds":1}""");
        await service.CallAsync(HttpMethod.Put, "/v1/samplers/long", """{"leaseSeconds":3600}""");
        var isGone = false;
        for (var i = 0; i < 900 && !isGone; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            isGone = (await service.CallAsync(HttpMethod.Get, "/v1/samplers/short")).Answer.StatusCode
                == HttpStatusCode.NotFound;
        }

        Assert.True(isGone);
        await service.GetAsync("/v1/samplers/long");
        await service.RefusedAsync(404, "unknown-sampler", HttpMethod.Post, "/v1/samplers/short/draws");
    }

    [Fact]
    public async Task Places_for_samplers_are_limited_and_come_back()
    {
        await using var service = await ServiceRun.StartAsync(
            options: new() { Limits = new() { Samplers = 2 } });
        await service.CallAsync(HttpMethod.Put, "/v1/samplers/a", "{}");
        await service.CallAsync(HttpMethod.Put, "/v1/samplers/b", "{}");
        await service.RefusedAsync(503, "too-many-samplers", HttpMethod.Put, "/v1/samplers/c", "{}");

        var (deleted, _) = await service.CallAsync(HttpMethod.Delete, "/v1/samplers/a");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        var (made, _) = await service.CallAsync(HttpMethod.Put, "/v1/samplers/c", "{}");
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        await service.RefusedAsync(503, "no-peer", HttpMethod.Post, "/v1/samplers/c/draws");
    }

    [Theory]
    [InlineData("x", """{"policy":"best"}""", "invalid-field", "policy")]
    [InlineData("x", """{"leaseSeconds":0}""", "invalid-field", "leaseSeconds")]
    [InlineData("x", """{"leaseSeconds":3601}""", "invalid-field", "leaseSeconds")]
    [InlineData("x", """{"leaseSeconds":"1"}""", "invalid-json", "leaseSeconds")]
    [InlineData("x", """{"polici":"tail"}""", "invalid-json", "polici")]
    [InlineData("x", "[]", "invalid-json", "body")]
    [InlineData("x", "null", "invalid-json", "body")]
    [InlineData("x", "{", "invalid-json", "body")]
    [InlineData("a%20b", "{}", "invalid-field", "name")]
    [InlineData("a%2Fb", "{}", "invalid-field", "name")]
    public async Task A_wrong_sampler_is_refused_and_the_field_named(
        string name, string body, string type, string field)
    {
        await using var service = await ServiceRun.StartAsync();
        var problem = await service.RefusedAsync(400, type, HttpMethod.Put, $"/v1/samplers/{name}", body);
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }
}
