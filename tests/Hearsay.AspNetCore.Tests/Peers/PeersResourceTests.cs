using System.Net;
using System.Text;

namespace Hearsay.AspNetCore.Tests.Peers;

public sealed class PeersResourceTests
{
    [Fact]
    public async Task A_peer_has_id_addresses_metadata_and_age_and_says_whether_it_was_fresh()
    {
        await using var service = await ServiceRun.StartAsync(others: 3);

        var (answer, peer) = await service.CallAsync(HttpMethod.Get, "/v1/peer");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var drawn = service.Others.Single(other => other.Id.ToString() == peer.GetProperty("id").GetString());
        Assert.Equal(drawn.Addresses.Primary.ToString(), peer.GetProperty("addresses")[0].GetString());
        Assert.Equal("fresh", peer.GetProperty("source").GetString());
        Assert.True(peer.TryGetProperty("metadata", out _));
        Assert.InRange(peer.GetProperty("ageCycles").GetInt32(), 0, 1000);
    }

    [Fact]
    public async Task Several_peers_are_distinct_and_who_draws_more_than_there_are_is_given_fallbacks()
    {
        await using var service = await ServiceRun.StartAsync(others: 4);

        var fresh = (await service.GetAsync("/v1/peers?count=3&policy=uniform-without-replacement"))
            .GetProperty("peers").EnumerateArray().ToList();
        var all = (await service.GetAsync("/v1/peers?count=256")).GetProperty("peers").EnumerateArray().ToList();

        Assert.Equal(3, fresh.Select(peer => peer.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(
            service.Others.Select(other => other.Id.ToString()).Order(),
            all.Select(peer => peer.GetProperty("id").GetString()!).Order());
        Assert.Contains(all, peer => peer.GetProperty("source").GetString() == "fallback");
    }

    [Fact]
    public async Task While_the_view_is_empty_the_answer_is_503_of_type_no_peer_with_a_time_to_come_back()
    {
        await using var service = await ServiceRun.StartAsync();
        foreach (var path in new[] { "/v1/peer", "/v1/peers", "/v1/peer?policy=tail" })
        {
            await service.RefusedAsync(503, "no-peer", HttpMethod.Get, path);
            var (answer, _) = await service.CallAsync(HttpMethod.Get, path);
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }

        Assert.Equal(0, (await service.GetAsync("/v1/view")).GetProperty("peers").GetArrayLength());
    }

    [Theory]
    [InlineData("/v1/peers?count=0", "count", "from 1 to 256")]
    [InlineData("/v1/peers?count=257", "count", "from 1 to 256")]
    [InlineData("/v1/peers?count=-1", "count", "from 1 to 256")]
    [InlineData("/v1/peers?count=x", "count", "from 1 to 256")]
    [InlineData("/v1/peers?count=99999999999999999999", "count", "from 1 to 256")]
    [InlineData("/v1/peer?policy=best", "policy", "head or tail")]
    [InlineData("/v1/peers/xyz/metadata", "id", "32 hexadecimal digits")]
    public async Task A_wrong_field_is_named_with_what_it_takes(string path, string field, string allowed)
    {
        await using var service = await ServiceRun.StartAsync();
        var problem = await service.RefusedAsync(400, "invalid-field", HttpMethod.Get, path);
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Contains(allowed, problem.GetProperty("allowed").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_view_is_whole_and_what_a_peer_says_of_itself_is_fetched()
    {
        await using var service = await ServiceRun.StartAsync(others: 2);
        await service.Others[0].SetMetadataAsync("http=8080"u8.ToArray());
        var id = service.Others[0].Id.ToString();

        Assert.Equal(2, (await service.GetAsync("/v1/view")).GetProperty("peers").GetArrayLength());
        string? text = null;
        for (var i = 0; i < 2000 && text != "http=8080"; i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            text = (await service.GetAsync($"/v1/peers/{id}/metadata")).GetProperty("text").GetString();
        }

        Assert.Equal("http=8080", text);
        var view = await service.GetAsync("/v1/view");
        var peer = view.GetProperty("peers").EnumerateArray().Single(p => p.GetProperty("id").GetString() == id);
        Assert.False(peer.TryGetProperty("source", out _));
        var known = peer.GetProperty("metadata").GetString();
        Assert.True(known is null || Encoding.UTF8.GetString(Convert.FromBase64String(known)) is "http=8080" or "");
        await service.RefusedAsync(
            404, "unknown-peer", HttpMethod.Get, $"/v1/peers/{new string('a', 32)}/metadata");
    }

    [Fact]
    public async Task Callers_that_ask_for_one_policy_share_its_queue()
    {
        await using var service = await ServiceRun.StartAsync(others: 5);
        var drawn = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            var peer = await service.GetAsync("/v1/peer");
            Assert.Equal("fresh", peer.GetProperty("source").GetString());
            Assert.True(drawn.Add(peer.GetProperty("id").GetString()!));
        }

        Assert.Equal("fallback", (await service.GetAsync("/v1/peer")).GetProperty("source").GetString());
    }
}
