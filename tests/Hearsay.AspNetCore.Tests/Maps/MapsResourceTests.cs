using System.Net;
using System.Text;

namespace Hearsay.AspNetCore.Tests.Maps;

public sealed class MapsResourceTests
{
    private const string Colour = "/v1/maps/config/keys/colour";

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_set_can_be_read_listed_and_removed()
    {
        await using var service = await StartAsync();
        await service.RefusedAsync(404, "unknown-key", HttpMethod.Get, Colour);

        var (answer, set) = await service.CallAsync(HttpMethod.Put, Colour, "green");
        Assert.True(set.GetProperty("isChanged").GetBoolean());
        var read = await service.GetAsync(Colour);
        Assert.Equal("green", read.GetProperty("text").GetString());
        Assert.Equal(answer.Headers.ETag!.Tag, $"\"{read.GetProperty("etag").GetString()}\"");

        await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/a%2Fb", "1");
        using var bytes = new ByteArrayContent([0xFF, 0xFE]);
        await service.Client.PutAsync("/v1/maps/config/keys/colours", bytes, Cancellation);
        var all = await service.GetAsync("/v1/maps/config/keys");
        Assert.Equal(["a/b", "colour", "colours"], Keys(all));
        Assert.Equal("//4=", all.GetProperty("keys")[2].GetProperty("base64").GetString());
        Assert.Equal(["colour", "colours"], Keys(await service.GetAsync("/v1/maps/config/keys?prefix=col")));
        var first = await service.GetAsync("/v1/maps/config/keys?limit=1");
        Assert.True(first.GetProperty("isMore").GetBoolean());
        Assert.Equal(["colour", "colours"], Keys(await service.GetAsync("/v1/maps/config/keys?after=a/b")));

        var (_, removed) = await service.CallAsync(HttpMethod.Delete, Colour);
        Assert.True(removed.GetProperty("isChanged").GetBoolean());
        (_, removed) = await service.CallAsync(HttpMethod.Delete, Colour);
        Assert.False(removed.GetProperty("isChanged").GetBoolean());
        Assert.Equal(2, (await service.GetAsync("/v1/maps/config/status")).GetProperty("keys").GetInt32());
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_changes_nothing()
    {
        await using var service = await StartAsync();
        await service.RefusedAsync(412, "condition-failed", HttpMethod.Put, Colour, "x", ("If-Match", "*"));
        var (first, _) = await service.CallAsync(HttpMethod.Put, Colour, "green", ("If-None-Match", "*"));
        var tag = first.Headers.ETag!.Tag;
        await service.RefusedAsync(412, "condition-failed", HttpMethod.Put, Colour, "x", ("If-None-Match", "*"));
        var (second, _) = await service.CallAsync(HttpMethod.Put, Colour, "blue", ("If-Match", tag));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.NotEqual(tag, second.Headers.ETag!.Tag);
        await service.RefusedAsync(412, "condition-failed", HttpMethod.Delete, Colour, null, ("If-Match", tag));
        await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Put, Colour + "?nodes=1", "x", ("If-Match", tag));
        Assert.Equal("blue", (await service.GetAsync(Colour)).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_reader_that_has_the_current_value_is_told_so_and_no_more()
    {
        await using var service = await StartAsync();
        var (set, _) = await service.CallAsync(HttpMethod.Put, Colour, "green");
        var tag = set.Headers.ETag!.Tag;
        foreach (var known in (string[])[tag, $"\"x\", W/{tag}", "*"])
        {
            var (same, _) = await service.CallAsync(HttpMethod.Get, Colour, null, ("If-None-Match", known));
            Assert.Equal((HttpStatusCode.NotModified, tag), (same.StatusCode, same.Headers.ETag!.Tag));
        }

        await service.CallAsync(HttpMethod.Put, Colour, "blue");
        var (other, body) = await service.CallAsync(HttpMethod.Get, Colour, null, ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.OK, "blue"), (other.StatusCode, body.GetProperty("text").GetString()));
    }

    /// <summary>Of callers that each add one to what they read, none is overwritten.</summary>
    [Fact]
    public async Task Conditional_writes_of_many_callers_lose_nothing()
    {
        await using var service = await StartAsync();
        await service.CallAsync(HttpMethod.Put, Colour, "0");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var added = false; !added;)
            {
                var (read, item) = await service.CallAsync(HttpMethod.Get, Colour);
                var next = int.Parse(item.GetProperty("text").GetString()!) + 1;
                var (answer, _) = await service.CallAsync(
                    HttpMethod.Put, Colour, $"{next}", ("If-Match", read.Headers.ETag!.Tag));
                added = answer.StatusCode == HttpStatusCode.OK;
            }
        }));
        Assert.Equal("8", (await service.GetAsync(Colour)).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Nodes_that_hold_the_map_have_it_too_and_a_write_can_wait_for_them()
    {
        await using var service = await StartAsync();
        var other = await service.AddNodeAsync(seed: $"{service.Node.LocalAddress}", maps: new MapOptions());
        var (_, set) = await service.CallAsync(HttpMethod.Put, Colour + "?nodes=1&timeoutSeconds=60", "green");
        Assert.Equal(other.Id.ToString(), set.GetProperty("nodes")[0].GetString());
        Assert.True(other.GetMap("config").TryGet("colour", out var entry));
        Assert.Equal("green", entry.Text);

        var few = await service.RefusedAsync(
            504, "too-few-nodes", HttpMethod.Put, Colour + "?nodes=2&timeoutSeconds=1", "blue");
        Assert.Contains("1 of 2", few.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("blue", (await service.GetAsync(Colour)).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_stream_has_the_state_first_and_then_every_change_under_its_prefix()
    {
        await using var service = await StartAsync();
        await service.CallAsync(HttpMethod.Put, Colour, "green");
        await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/size", "9");
        using var events = await service.ListenAsync("/v1/maps/config/events?prefix=col");
        var state = await events.ReadAsync("state");
        Assert.Equal("green", state.Data.GetProperty("text").GetString());

        await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/size", "10");
        await service.CallAsync(HttpMethod.Put, Colour, "blue");
        var changed = await events.ReadAsync();
        Assert.Equal(("changed", "blue"), (changed!.Value.Name, changed.Value.Data.GetProperty("text").GetString()));
        await service.CallAsync(HttpMethod.Delete, Colour);
        var removed = await events.ReadAsync();
        Assert.Equal(("removed", "colour"), (removed!.Value.Name, removed.Value.Data.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task A_key_may_be_a_counter_a_set_or_a_flag_and_a_condition_holds_for_them_too()
    {
        await using var service = await StartAsync();
        const string Keys = "/v1/maps/config/keys/";
        await service.CallAsync(HttpMethod.Post, Keys + "visits/increments", """{"amount":5}""");
        await service.CallAsync(HttpMethod.Post, Keys + "visits/increments", """{"amount":-6}""");
        Assert.Equal(-1, (await service.GetAsync(Keys + "visits")).GetProperty("count").GetInt64());
        await service.CallAsync(HttpMethod.Post, Keys + "visits/increments");
        var zero = await service.GetAsync(Keys + "visits");
        Assert.Equal(0, zero.GetProperty("count").GetInt64());

        await service.CallAsync(HttpMethod.Put, Keys + "tags/elements/a%2Fb");
        await service.CallAsync(HttpMethod.Put, Keys + "tags/elements/c");
        Assert.Equal("""["a/b","c"]""", $"{(await service.GetAsync(Keys + "tags")).GetProperty("elements")}");
        var (_, removed) = await service.CallAsync(HttpMethod.Delete, Keys + "tags/elements/a%2Fb");
        Assert.True(removed.GetProperty("isChanged").GetBoolean());
        (_, removed) = await service.CallAsync(HttpMethod.Delete, Keys + "tags/elements/a%2Fb");
        Assert.False(removed.GetProperty("isChanged").GetBoolean());

        await service.CallAsync(HttpMethod.Put, Keys + "up/flag");
        Assert.True((await service.GetAsync(Keys + "up")).GetProperty("isRaised").GetBoolean());
        await service.RefusedAsync(
            412, "condition-failed", HttpMethod.Put, Keys + "up/flag", null, ("If-None-Match", "*"));
        await service.RefusedAsync(
            412, "condition-failed", HttpMethod.Post, Keys + "visits/increments", null, ("If-Match", "\"other\""));
    }

    [Fact]
    public async Task Fields_are_written_each_by_itself_and_read_with_their_key()
    {
        await using var service = await StartAsync();
        const string Ada = "/v1/maps/config/keys/ada";
        const string Fields = Ada + "/fields/";
        await service.CallAsync(HttpMethod.Put, Fields + "name", "Ada");
        await service.CallAsync(HttpMethod.Post, Fields + "logins/increments", """{"amount":7}""");
        await service.CallAsync(HttpMethod.Put, Fields + "roles/elements/admin");
        await service.CallAsync(HttpMethod.Put, Fields + "roles/elements/guest");
        await service.CallAsync(HttpMethod.Delete, Fields + "roles/elements/guest");
        await service.CallAsync(HttpMethod.Put, Fields + "active/flag");
        var before = await service.GetAsync(Ada);
        Assert.Equal(
            """{"active":{"isRaised":true},"logins":{"count":7},"name":{"text":"Ada"},"""
            + "\"roles\":{\"elements\":[\"admin\"]}}",
            $"{before.GetProperty("fields")}");
        Assert.False(before.TryGetProperty("text", out _));

        await service.CallAsync(HttpMethod.Delete, Fields + "name");
        var after = await service.GetAsync(Ada);
        Assert.False(after.GetProperty("fields").TryGetProperty("name", out _));
        Assert.NotEqual(before.GetProperty("etag").GetString(), after.GetProperty("etag").GetString());
    }

    [Fact]
    public async Task What_has_a_time_to_live_tells_it_and_is_gone_after_it()
    {
        await using var service = await StartAsync();
        await service.CallAsync(HttpMethod.Put, Colour + "?ttlSeconds=1", "green");
        await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/tags/elements/a?ttlSeconds=3600");
        await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/up/flag?ttlSeconds=3600");
        await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/a/fields/f?ttlSeconds=3600", "x");
        await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/b/fields/f/elements/e?ttlSeconds=3600");
        await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/c/fields/f/flag?ttlSeconds=3600");
        foreach (var key in new[] { "tags", "up", "a", "b", "c" })
        {
            var expires = (await service.GetAsync("/v1/maps/config/keys/" + key)).GetProperty("expires");
            Assert.InRange(expires.GetDateTimeOffset(), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(1));
        }

        await ServiceRun.UntilAsync(
            () => !service.Node.GetMap("config").TryGet("colour", out _), "its time is over");
        await service.RefusedAsync(404, "unknown-key", HttpMethod.Get, Colour);
        await service.CallAsync(HttpMethod.Put, Colour, "green");
        Assert.False((await service.GetAsync(Colour)).TryGetProperty("expires", out _));
    }

    [Theory]
    [InlineData("PUT", "k?ttlSeconds=0", "ttlSeconds")]
    [InlineData("PUT", "k?ttlSeconds=soon", "ttlSeconds")]
    [InlineData("POST", "k/fields/f/increments?ttlSeconds=5", "ttlSeconds")]
    [InlineData("POST", "k/increments?ttlSeconds=5", "ttlSeconds")]
    [InlineData("DELETE", "k?ttlSeconds=5", "ttlSeconds")]
    public async Task What_does_not_expire_takes_no_time_to_live(string method, string path, string field)
    {
        await using var service = await StartAsync();
        var problem = await service.RefusedAsync(
            400, "invalid-field", new HttpMethod(method), "/v1/maps/config/keys/" + path, "");
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("""{"amount":1.5}""", "amount", "'amount' has another type than is expected, or is out of its range.")]
    [InlineData("""{"amount":"3"}""", "amount", "'amount' has another type than is expected, or is out of its range.")]
    [InlineData(
        """{"amount":9223372036854775808}""", "amount",
        "'amount' has another type than is expected, or is out of its range.")]
    [InlineData("""{"count":3}""", "count", "There is no field 'count'.")]
    [InlineData("three", "body", "It cannot be read from byte 1 of line 1 on.")]
    public async Task An_increment_that_is_no_number_changes_nothing(string body, string field, string detail)
    {
        await using var service = await StartAsync();
        var problem = await service.RefusedAsync(
            400, "invalid-json", HttpMethod.Post, "/v1/maps/config/keys/visits/increments", body);
        Assert.Equal(
            (field, detail), (problem.GetProperty("field").GetString(), problem.GetProperty("detail").GetString()));
        await service.RefusedAsync(404, "unknown-key", HttpMethod.Get, "/v1/maps/config/keys/visits");
    }

    /// <summary>A map has 64 watchers on a node, and the service more streams than that.</summary>
    [Fact]
    public async Task One_stream_too_many_is_refused_and_no_defect_and_its_place_is_free_again()
    {
        await using var service = await StartAsync();
        const string Events = "/v1/maps/config/events";
        var readers = new List<EventReader>();
        for (var i = 0; i < 64; i++)
        {
            readers.Add(await service.ListenAsync(Events));
        }

        await service.CallAsync(HttpMethod.Put, Colour, "green");
        await readers[^1].ReadAsync("changed");
        await service.RefusedAsync(503, "too-many-streams", HttpMethod.Get, Events);
        readers.ForEach(static reader => reader.Dispose());
        await ServiceRun.UntilAsync(
            () =>
            {
                using var answer = service.Client.GetAsync(
                    Events, HttpCompletionOption.ResponseHeadersRead, Cancellation).GetAwaiter().GetResult();
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "there is a place again");
        Assert.Empty(service.Defects);
    }

    /// <summary>Names of maps are the caller's, and who only looks must not use them up.</summary>
    [Fact]
    public async Task Who_reads_maps_that_nobody_wrote_uses_up_none()
    {
        await using var service = await StartAsync();
        for (var i = 0; i < 200; i++)
        {
            Assert.Empty(Keys(await service.GetAsync($"/v1/maps/none-{i}/keys")));
            await service.RefusedAsync(404, "unknown-key", HttpMethod.Get, $"/v1/maps/none-{i}/keys/k");
            await service.RefusedAsync(404, "unknown-map", HttpMethod.Get, $"/v1/maps/none-{i}/status");
            await service.RefusedAsync(404, "unknown-map", HttpMethod.Get, $"/v1/maps/none-{i}/lines");
            var (_, read) = await service.CallAsync(HttpMethod.Post, $"/v1/maps/none-{i}/lines", " \r\n\n");
            Assert.Equal(0, read.GetProperty("lines").GetInt64());
            var (_, removed) = await service.CallAsync(HttpMethod.Delete, $"/v1/maps/none-{i}/keys/k");
            Assert.False(removed.GetProperty("isChanged").GetBoolean());
        }

        var (answer, _) = await service.CallAsync(HttpMethod.Put, Colour, "green");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_too_long_or_unknown_is_refused_with_its_field()
    {
        await using var service = await StartAsync();
        await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Put, "/v1/maps/config/keys/" + new string('k', 1_025), "x");
        await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Put, $"/v1/maps/{new string('m', 200)}/keys/k", "x");
        var name = new string('n', 200);
        foreach (var path in (string[])
            [$"maps/{name}/keys/k/increments", $"topics/{name}/messages", $"handlers/{name}/next"])
        {
            // And not "(Parameter 'name')": who calls has none.
            var problem = await service.RefusedAsync(400, "invalid-field", HttpMethod.Post, $"/v1/{path}", "{}");
            Assert.EndsWith("not 200.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        await service.RefusedAsync(400, "invalid-field", HttpMethod.Put, Colour + "?nodes=many", "x");
        using var big = new ByteArrayContent(new byte[(1 << 20) + 1]);
        var answer = await service.Client.PutAsync(Colour, big, Cancellation);
        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Contains("too-large", await answer.Content.ReadAsStringAsync(Cancellation));

        await using var without = await ServiceRun.StartAsync();
        await without.RefusedAsync(501, "not-offered", HttpMethod.Get, Colour);
    }

    [Fact]
    public async Task A_map_is_exported_as_lines_that_another_map_takes()
    {
        await using var service = await StartAsync();
        var lines = "{\"key\":\"colour\",\"text\":\"green\"}\n{\"key\":\"visits\",\"count\":3}\n";
        await service.RefusedAsync(404, "unknown-map", HttpMethod.Get, "/v1/maps/config/lines");
        var (_, written) = await service.CallAsync(HttpMethod.Post, "/v1/maps/config/lines", lines);
        Assert.Equal(2, written.GetProperty("lines").GetInt64());
        Assert.Equal(lines, await service.Client.GetStringAsync("/v1/maps/config/lines", Cancellation));

        await service.CallAsync(HttpMethod.Post, "/v1/maps/config/lines", lines.Replace("green", "red"));
        Assert.Equal("red", (await service.GetAsync(Colour)).GetProperty("text").GetString());
        Assert.Equal(3, (await service.GetAsync("/v1/maps/config/keys/visits")).GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task Lines_that_are_malformed_or_go_to_too_few_nodes_say_so_and_those_before_stay()
    {
        await using var service = await StartAsync();
        var wrong = await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Post, "/v1/maps/config/lines",
            "{\"key\":\"colour\",\"text\":\"green\"}\n{\"key\":7}");
        Assert.StartsWith("Line 2: ", wrong.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("green", (await service.GetAsync(Colour)).GetProperty("text").GetString());
        await service.RefusedAsync(
            504, "too-few-nodes", HttpMethod.Post, "/v1/maps/config/lines?nodes=1&timeoutSeconds=1",
            "{\"key\":\"size\",\"text\":\"7\"}");
        Assert.Equal("7", (await service.GetAsync("/v1/maps/config/keys/size")).GetProperty("text").GetString());
    }

    /// <summary>Each line brings a counter to its number, whatever the lines before and other imports do.</summary>
    [Fact]
    public async Task Imports_of_the_same_counters_do_not_add_up()
    {
        await using var service = await StartAsync();
        var once = string.Concat(Enumerable.Range(0, 200).Select(static i => $"{{\"key\":\"c{i}\",\"count\":5}}\n"));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(
            () => service.CallAsync(HttpMethod.Post, "/v1/maps/config/lines", once))));
        var counts = (await service.GetAsync("/v1/maps/config/keys?limit=200")).GetProperty("keys").EnumerateArray()
            .Select(static key => key.GetProperty("count").GetInt64());
        Assert.Equal(Enumerable.Repeat(5L, 200), counts);
        const string Twice = "{\"key\":\"c\",\"count\":5}\n{\"key\":\"c\",\"count\":5}\n";
        await service.CallAsync(HttpMethod.Post, "/v1/maps/config/lines", Twice);
        Assert.Equal(5, (await service.GetAsync("/v1/maps/config/keys/c")).GetProperty("count").GetInt64());

        foreach (var line in (string[])
        [
            "{\"key\":\"d\",\"count\":5,\"count\":5}",
            "{\"key\":\"d\",\"fields\":[{\"key\":\"f\",\"count\":5},{\"key\":\"f\",\"count\":5}]}",
        ])
        {
            await service.RefusedAsync(400, "invalid-field", HttpMethod.Post, "/v1/maps/config/lines", line);
        }

        await service.RefusedAsync(404, "unknown-key", HttpMethod.Get, "/v1/maps/config/keys/d");
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_lines_and_UTF_16_is_told()
    {
        await using var service = await StartAsync();
        const string Lines = "/v1/maps/config/lines";
        var (_, read) = await service.CallAsync(
            HttpMethod.Post, Lines, "\uFEFF{\"key\":\"colour\",\"text\":\"green\"}");
        Assert.Equal(1, read.GetProperty("lines").GetInt64());
        Assert.Equal("green", (await service.GetAsync(Colour)).GetProperty("text").GetString());

        using var wide = new ByteArrayContent(
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{\"key\":\"k\"}\n")]);
        var answer = await service.Client.PostAsync(Lines, wide, Cancellation);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(
            "Line 1: the text is in UTF-16", await answer.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("increments", 1)]
    [InlineData("fields/f/increments", -1)]
    public async Task A_counter_does_not_wrap(string path, int sign)
    {
        await using var service = await StartAsync();
        var (call, most) = ("/v1/maps/config/keys/n/" + path, sign * long.MaxValue);
        await service.CallAsync(HttpMethod.Post, call, $$"""{"amount":{{most}}}""");

        // One beyond it there is room below zero, where the numbers go one further.
        await service.CallAsync(HttpMethod.Post, call, $$"""{"amount":{{(sign < 0 ? -1 : 0)}}}""");
        var refused = await service.RefusedAsync(
            409, "counter-full", HttpMethod.Post, call, $$"""{"amount":{{sign}}}""");
        Assert.Contains("beyond the range of 64 bits", refused.GetProperty("detail").GetString());
        Assert.False(refused.TryGetProperty("retryAfterSeconds", out _));
        var entry = await service.GetAsync("/v1/maps/config/keys/n");
        var counter = sign > 0 ? entry : entry.GetProperty("fields").GetProperty("f");
        Assert.Equal(sign > 0 ? long.MaxValue : long.MinValue, counter.GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task A_line_whose_number_is_too_far_away_says_so()
    {
        await using var service = await StartAsync();
        await service.CallAsync(HttpMethod.Post, "/v1/maps/config/keys/n/increments", """{"amount":-5}""");
        var refused = await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Post, "/v1/maps/config/lines",
            $$"""{"key":"n","count":{{long.MaxValue}}}""");
        Assert.StartsWith("Line 1: from -5 to 9223372036854775807 the counter would change by more",
            refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Who reads it with <c>curl</c> sees quotes, and no \u0027.</summary>
    [Fact]
    public async Task A_problem_is_written_as_it_is_read()
    {
        await using var service = await StartAsync();
        var answer = await service.Client.GetAsync("/v1/peers?count=0", Cancellation);
        Assert.Contains(
            "\"detail\":\"'count' is not valid: '0'.\"", await answer.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_what_was_escaped_and_nothing_else()
    {
        await using var service = await StartAsync();
        foreach (var (escaped, key) in new[]
        {
            ("a%2Fb", "a/b"), ("a%2fc", "a/c"), ("a%252Fb", "a%2Fb"), ("%25FF", "%FF"), ("100%25", "100%"),
            ("%C3%A4%2F%25", "ä/%"),
        })
        {
            await service.CallAsync(HttpMethod.Put, $"/v1/maps/config/keys/{escaped}", key);
            Assert.Equal(key, (await service.GetAsync($"/v1/maps/config/keys/{escaped}"))
                .GetProperty("key").GetString());
        }

        Assert.Equal(6, Keys(await service.GetAsync("/v1/maps/config/keys")).Count());
        foreach (var path in (string[])
        [
            "/v1/maps/config/keys/%FF", "/v1/maps/%FF/keys/k", "/v1/maps/config/keys/a%2F%C3%28",
            "/v1/maps/config/keys/k/fields/%ED%A0%80", "/v1/maps/config/keys/%FF?nodes=0",
        ])
        {
            await service.RefusedAsync(400, "invalid-field", HttpMethod.Put, path, "x");
        }

        var wrong = await service.RefusedAsync(
            400, "invalid-field", HttpMethod.Get, "/v1/maps/config/keys?after=a&Prefix=%FF");
        Assert.Equal("prefix", wrong.GetProperty("field").GetString());
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Post, "/v1/topics/%FF/messages", "x");
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Put, "/v1/aggregates/%FF", "{}");
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Post, "/v1/handlers/%FF/next");
        await service.RefusedAsync(400, "invalid-field", HttpMethod.Get, "/v1/peers/%FF/metadata");
        Assert.Empty(service.Defects);
    }

    /// <summary>Each change of a key reads all that is there, so one import could keep a node from gossiping.</summary>
    [Fact]
    public async Task A_key_takes_some_thousand_elements_and_says_so()
    {
        await using var service = await StartAsync();
        await service.CallAsync(HttpMethod.Post, "/v1/maps/config/keys/s/increments");
        var elements = string.Join(',', Enumerable.Range(0, 20_000).Select(static i => $"\"{i}\""));
        var line = $"{{\"key\":\"s\",\"elements\":[{elements}]}}";
        var refused = await service.RefusedAsync(503, "not-taken", HttpMethod.Post, "/v1/maps/config/lines", line);
        Assert.Contains("Use several keys", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);

        // What is there may change, the counter too.
        var (_, more) = await service.CallAsync(HttpMethod.Put, "/v1/maps/config/keys/s/elements/7");
        Assert.True(more.GetProperty("isChanged").GetBoolean());
        (_, more) = await service.CallAsync(HttpMethod.Post, "/v1/maps/config/keys/s/increments");
        Assert.True(more.GetProperty("isChanged").GetBoolean());
        await service.RefusedAsync(503, "not-taken", HttpMethod.Put, "/v1/maps/config/keys/s/elements/other");
        await service.RefusedAsync(503, "not-taken", HttpMethod.Post, "/v1/maps/config/keys/s/fields/f/increments");
        var (_, gone) = await service.CallAsync(HttpMethod.Delete, "/v1/maps/config/keys/s/elements/7");
        Assert.True(gone.GetProperty("isChanged").GetBoolean());
    }

    /// <summary>A reader that takes nothing holds a place, and there are eight.</summary>
    [Fact]
    public async Task Transfers_beyond_the_places_are_refused_until_one_has_ended()
    {
        await using var service = await StartAsync();
        var value = new string('x', 500_000);
        for (var i = 0; i < 60; i++)
        {
            await service.CallAsync(HttpMethod.Put, $"/v1/maps/config/keys/{i}", value);
        }

        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < 8; i++)
        {
            open.Add(await service.Client.GetAsync(
                "/v1/maps/config/lines", HttpCompletionOption.ResponseHeadersRead, Cancellation));
        }

        await service.RefusedAsync(503, "too-many-transfers", HttpMethod.Get, "/v1/maps/config/lines");
        open.ForEach(static answer => answer.Dispose());
        await ServiceRun.UntilAsync(
            () => service.Client.GetAsync("/v1/maps/config/lines", Cancellation).Result.IsSuccessStatusCode,
            "a place is free");
    }

    private static Task<ServiceRun> StartAsync() =>
        ServiceRun.StartAsync(node: static node => node.Maps = new MapOptions());

    private static IEnumerable<string?> Keys(System.Text.Json.JsonElement list) =>
        list.GetProperty("keys").EnumerateArray().Select(static one => one.GetProperty("key").GetString());
}
