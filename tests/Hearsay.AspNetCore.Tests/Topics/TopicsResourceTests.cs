using System.Net;
using System.Text;

namespace Hearsay.AspNetCore.Tests.Topics;

public sealed class TopicsResourceTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_that_comes_back_before_its_first_event_misses_nothing()
    {
        const string Events = "/v1/topics/prices/events";
        await using var service = await ServiceRun.StartAsync();
        string? begin;
        using (var first = await service.ListenAsync(Events))
        {
            begin = await first.ReadBeginAsync();
        }

        await service.CallAsync(HttpMethod.Post, "/v1/topics/prices/messages", "one");
        using (var second = await service.ListenAsync(Events, begin))
        {
            Assert.Equal("one", (await second.ReadAsync("message")).Data.GetProperty("text").GetString());
        }

        // The same between being told that something may be missed, and the next event.
        (string? Id, string, System.Text.Json.JsonElement) lagged;
        using (var lost = await service.ListenAsync(Events, "of-another-1"))
        {
            lagged = await lost.ReadAsync("lagged");
        }

        await service.CallAsync(HttpMethod.Post, "/v1/topics/prices/messages", "two");
        using var third = await service.ListenAsync(Events, lagged.Id);
        var next = (await third.ReadAsync())!.Value;
        Assert.Equal(("message", "two"), (next.Name, next.Data.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task What_is_published_reaches_other_nodes_and_its_address_tells_how_far_it_got()
    {
        await using var service = await ServiceRun.StartAsync(others: 3);
        await using var listener = service.Others[0].GetTopic("prices").Subscribe();

        var (answer, published) = await service.CallAsync(
            HttpMethod.Post, "/v1/topics/prices/messages?track=true", "EUR 1.08");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(published.GetProperty("url").GetString(), answer.Headers.Location!.ToString());
        await foreach (var message in listener.WithCancellation(Cancellation))
        {
            Assert.Equal(("EUR 1.08", published.GetProperty("id").GetString()), (message.Text, $"{message.Id}"));
            break;
        }

        var url = published.GetProperty("url").GetString()!;
        var reached = 0L;
        for (var i = 0; i < 900 && reached < 4; i++)
        {
            await Task.Delay(20, Cancellation);
            var told = await service.GetAsync(url);
            reached = told.GetProperty("reach").GetProperty("nodesReached").GetInt64();
            Assert.Equal("EUR 1.08", told.GetProperty("text").GetString());
            Assert.Equal(service.Node.Id.ToString(), told.GetProperty("origin").GetString());
            Assert.True(told.GetProperty("isHeld").GetBoolean());
        }

        Assert.Equal(4, reached);
        Assert.Equal("EUR 1.08", await service.Client.GetStringAsync(url + "/payload", Cancellation));
    }

    [Fact]
    public async Task A_stream_has_text_as_text_bytes_in_base_64_and_what_is_long_by_reference()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        using var events = await service.ListenAsync("/v1/topics/a%2Fb/events");
        var topic = service.Others[0].GetTopic("a/b");
        byte[] large = [.. Enumerable.Range(0, 100_000).Select(static i => (byte)i)];

        await topic.PublishAsync("two\nlines \"and\" ü", Cancellation);
        await topic.PublishAsync(new byte[] { 0xFF, 0 }, Cancellation);
        await topic.PublishAsync(large, Cancellation);

        var received = new Dictionary<string, System.Text.Json.JsonElement>();
        for (var i = 0; i < 3; i++)
        {
            var (id, _, data) = await events.ReadAsync("message");
            Assert.Matches($"^[0-9a-f]{{16}}-{i + 1}$", id);
            Assert.Equal(service.Others[0].Id.ToString(), data.GetProperty("origin").GetString());
            received.Add(data.EnumerateObject().Last().Name, data);
        }

        Assert.Equal("two\nlines \"and\" ü", received["text"].GetProperty("text").GetString());
        Assert.Equal([0xFF, 0], received["base64"].GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(large.Length, received["url"].GetProperty("bytes").GetInt32());
        var url = received["url"].GetProperty("url").GetString()!;
        Assert.Equal(large, await service.Client.GetByteArrayAsync(url, Cancellation));
    }

    [Fact]
    public async Task Who_comes_back_goes_on_after_its_last_event_and_of_another_boot_nobody_knows_what_was_missed()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        string? last;
        using (var first = await service.ListenAsync("/v1/topics/t/events"))
        {
            await service.Others[0].GetTopic("t").PublishAsync("1", Cancellation);
            last = (await first.ReadAsync("message")).Id;
        }

        await service.Others[0].GetTopic("t").PublishAsync("2", Cancellation);
        using var second = await service.ListenAsync("/v1/topics/t/events", last);
        Assert.Equal("2", (await second.ReadAsync("message")).Data.GetProperty("text").GetString());

        foreach (var unknown in new[] { "0123456789abcdef-1", last![..^1] + "77", "x", last[..^2] + "--1" })
        {
            using var third = await service.ListenAsync("/v1/topics/t/events", unknown);
            var (id, name, data) = (await third.ReadAsync())!.Value;
            Assert.Equal("lagged", name);
            Assert.StartsWith(last[..^1], id, StringComparison.Ordinal);
            Assert.Equal(System.Text.Json.JsonValueKind.Null, data.GetProperty("missed").ValueKind);
        }
    }

    [Fact]
    public async Task Who_falls_behind_is_told_exactly_how_many_events_it_missed()
    {
        await using var service = await ServiceRun.StartAsync(
            others: 1, options: new() { Limits = new() { EventsHeld = 16 } });
        string? last;
        using (var first = await service.ListenAsync("/v1/topics/t/events"))
        {
            await service.Others[0].GetTopic("t").PublishAsync("0", Cancellation);
            last = (await first.ReadAsync("message")).Id;
            for (var i = 1; i <= 40; i++)
            {
                // One at a time: this reader must not fall behind what is held.
                await service.Others[0].GetTopic("t").PublishAsync($"{i}", Cancellation);
                await first.ReadAsync("message");
            }
        }

        using var second = await service.ListenAsync("/v1/topics/t/events", last);
        Assert.Equal(24, (await second.ReadAsync("lagged")).Data.GetProperty("missed").GetInt64());
        var rest = new List<string>();
        for (var i = 0; i < 16; i++)
        {
            rest.Add((await second.ReadAsync("message")).Data.GetProperty("text").GetString()!);
        }

        Assert.Equal(16, rest.Distinct().Count());
    }

    [Fact]
    public async Task A_call_that_is_repeated_with_its_key_publishes_once()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        await using var listener = service.Others[0].GetTopic("t").Subscribe();
        var calls = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.CallAsync(
            HttpMethod.Post, "/v1/topics/t/messages", "once", ("Idempotency-Key", "k1"))));
        await service.CallAsync(HttpMethod.Post, "/v1/topics/t/messages", "last");

        Assert.Single(calls.Select(call => call.Body.GetProperty("id").GetString()).Distinct());
        Assert.Equal(7, calls.Count(call => call.Answer.Headers.Contains("Idempotency-Replayed")));
        var received = new List<string>();
        await foreach (var message in listener.WithCancellation(Cancellation))
        {
            received.Add(message.Text);
            if (received.Contains("last") && received.Contains("once"))
            {
                break;
            }
        }

        Assert.Equal(["last", "once"], received.Order());
        var problem = await service.RefusedAsync(
            409, "key-used", HttpMethod.Post, "/v1/topics/t/messages", "other", ("Idempotency-Key", "k1"));
        Assert.Equal("Idempotency-Key", problem.GetProperty("field").GetString());
        await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Post, "/v1/topics/t/messages", "x",
            ("Idempotency-Key", new string('k', 129)));
    }

    [Fact]
    public async Task Many_readers_of_one_topic_share_one_subscription()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        var readers = new List<EventReader>();
        for (var i = 0; i < 300; i++)
        {
            readers.Add(await service.ListenAsync("/v1/topics/t/events"));
        }

        await service.Others[0].GetTopic("t").PublishAsync("to all", Cancellation);
        foreach (var reader in readers)
        {
            Assert.Equal("to all", (await reader.ReadAsync("message")).Data.GetProperty("text").GetString());
            reader.Dispose();
        }
    }

    [Fact]
    public async Task Places_for_topics_and_streams_are_limited()
    {
        await using var service = await ServiceRun.StartAsync(
            options: new() { Limits = new() { Topics = 1, Streams = 2 } });
        using var one = await service.ListenAsync("/v1/topics/a/events");
        await service.RefusedAsync(503, "too-many-topics", HttpMethod.Get, "/v1/topics/b/events");
        using var two = await service.ListenAsync("/v1/topics/a/events");
        await service.RefusedAsync(503, "too-many-streams", HttpMethod.Get, "/v1/topics/a/events");
    }

    [Fact]
    public async Task Wrong_names_ids_and_bodies_are_refused()
    {
        await using var service = await ServiceRun.StartAsync();
        await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Post, $"/v1/topics/{new string('x', 65)}/messages", "x");
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Get, "/v1/topics/t/messages/12");
        await service.RefusedAsync(
            404, "unknown-message", HttpMethod.Get, $"/v1/topics/t/messages/{new string('1', 32)}");
        await service.RefusedAsync(
            404, "unknown-message", HttpMethod.Get, $"/v1/topics/t/messages/{new string('1', 32)}/payload");
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Post, "/v1/topics/t/messages?track=perhaps", "x");
    }

    [Fact]
    public async Task A_message_of_16_MiB_is_taken_and_one_byte_more_is_413_announced_or_not()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        var (taken, _) = await PublishAsync(service, 16 << 20, isAnnounced: true);
        Assert.Equal(HttpStatusCode.Accepted, taken);
        foreach (var isAnnounced in new[] { true, false })
        {
            var (status, problem) = await PublishAsync(service, (16 << 20) + 1, isAnnounced);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
            Assert.Contains("16777216", problem, StringComparison.Ordinal);
            Assert.Contains("too-large", problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_node_without_broadcast_says_that_it_has_no_topics()
    {
        await using var service = await ServiceRun.StartAsync(node: options => options.Broadcast = null);
        await service.RefusedAsync(501, "not-offered", HttpMethod.Post, "/v1/topics/t/messages", "x");
        await service.RefusedAsync(501, "not-offered", HttpMethod.Get, "/v1/topics/t/events");
    }

    private static async Task<(HttpStatusCode Status, string Body)> PublishAsync(
        ServiceRun service, int bytes, bool isAnnounced)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/topics/t/messages")
        {
            Content = new ByteArrayContent(new byte[bytes]),
        };
        request.Headers.TransferEncodingChunked = !isAnnounced;
        request.Headers.ExpectContinue = true;
        using var answer = await service.Client.SendAsync(request, Cancellation);
        return (answer.StatusCode, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Cancellation)));
    }
}
