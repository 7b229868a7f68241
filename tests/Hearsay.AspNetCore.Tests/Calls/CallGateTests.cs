using System.Net.Sockets;
using System.Text;
using CsCheck;

namespace Hearsay.AspNetCore.Tests.Calls;

public sealed class CallGateTests
{
    private static readonly string[] s_words =
    [
        "v1", "peer", "peers", "view", "samplers", "draws", "topics", "messages", "payload", "aggregates", "value",
        "node", "metadata", "health", "live", "openapi.json", "metrics", "x", "%2F", "..", "%00", "%FF", "%2e%2e",
        "00000000000000000000000000000000", "\u00e9", "a b", "{name}",
    ];

    private static readonly string[] s_bodies =
    [
        "", "{}", "null", "[]", "{", "\"\"", "1e999", "{\"kind\":null}", "{\"value\":1e309}", "{\"count\":-1}",
        "{\"leaseSeconds\":2147483648}", "{\"items\":[null]}", "{\"values\":[]}", "{\"policy\":\"\\ud800\"}",
        "{\"kind\":\"average\",\"minimum\":1,\"maximum\":0}", "{\"kind\":\"sum\",\"kind\":\"max\"}", "\0", "\u00ff",
        "{\"a\":" + "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    private static readonly Gen<(string Method, string Path, string Query, string Body)> s_calls = Gen.Select(
        OneOf("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"),
        Gen.OneOf(OneOf(s_words), Gen.Char[' ', '~'].Array[0, 8].Select(static text =>
            Uri.EscapeDataString(new string(text)))).Array[0, 6].Select(static parts => "/" + string.Join('/', parts)),
        OneOf("", "?", "?count=5", "?count=", "?policy=tail&policy=head", "?track=true", "?track=%00", "?%"),
        OneOf(s_bodies));

    /// <summary>Routes that are found too seldom by chance.</summary>
    private static readonly string[] s_paths =
    [
        "/v1/samplers/a", "/v1/samplers/a/draws", "/v1/topics/a/messages", "/v1/aggregates/a",
        "/v1/aggregates/a/value", "/v1/node/metadata", "/v1/peers", "/v1/peers/0/metadata",
    ];

    [Fact]
    public async Task Whatever_is_called_the_answer_is_never_a_defect_and_the_node_goes_on()
    {
        await using var service = await ServiceRun.StartAsync(others: 1);
        var cycles = service.Node.Counters.Cycles;
        await Gen.OneOf(s_calls, Gen.Select(s_calls, OneOf(s_paths), static (call, path) =>
            (call.Method, Path: path, call.Query, call.Body))).SampleAsync(
            async call =>
            {
                if (call.Path.Contains("leave", StringComparison.Ordinal)
                    || call.Path.Contains("events", StringComparison.Ordinal))
                {
                    return;
                }

                using var request = new HttpRequestMessage(
                    new HttpMethod(call.Method), new Uri($"http://127.0.0.1:{service.Port}{call.Path}{call.Query}"));
                if (call.Body.Length > 0 && call.Method is not ("GET" or "HEAD"))
                {
                    request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(call.Body));
                }

                using var answer = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True((int)answer.StatusCode != 500, $"{call}");
            },
            iter: 2000, threads: 2);

        Assert.Contains(
            "hearsay_http_faults_total 0\n",
            await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await ServiceRun.UntilAsync(() => service.Node.Counters.Cycles > cycles, "cycles go on");
        await service.GetAsync("/v1/peer");
    }

    [Fact]
    public async Task A_call_with_the_right_token_passes_and_every_other_is_refused_and_counted()
    {
        await using var service = await ServiceRun.StartAsync(
            options: new() { BearerToken = "correct-horse-battery" });
        foreach (var header in (string[])["Bearer correct-horse-batter", "Bearer correct-horse-battery2", "Bearer ",
            "Basic correct-horse-battery", "correct-horse-battery", "Bearer CORRECT-HORSE-BATTERY"])
        {
            await service.RefusedAsync(
                401, "unauthorized", HttpMethod.Get, "/v1/view", headers: ("Authorization", header));
        }

        await service.RefusedAsync(401, "unauthorized", HttpMethod.Get, "/metrics");
        var (answer, _) = await service.CallAsync(
            HttpMethod.Get, "/v1/view", headers: ("Authorization", "bearer correct-horse-battery"));
        Assert.True(answer.IsSuccessStatusCode);
        await service.GetAsync("/v1/health/live");
    }

    /// <summary>A page has to read why it was refused, and when to come back.</summary>
    [Theory]
    [InlineData("/v1/peer", 401, false)]
    [InlineData("/v1/peer", 503, true)]
    [InlineData("/v1/peers?count=0", 400, true)]
    [InlineData("/v1/node", 200, true)]
    public async Task A_page_of_a_named_origin_may_read_refusals_too(string path, int status, bool hasToken)
    {
        await using var service = await ServiceRun.StartAsync(options: new()
        {
            AllowedOrigins = ["https://app.example"], BearerToken = "correct-horse-battery",
        });
        var token = ("Authorization", hasToken ? "Bearer correct-horse-battery" : "none");
        var (answer, _) = await service.CallAsync(
            HttpMethod.Get, path, null, ("Origin", "https://app.example"), token);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("https://app.example", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("retry-after", answer.Headers.GetValues("Access-Control-Expose-Headers").Single());
        Assert.Equal("Origin", answer.Headers.Vary.Single());

        (answer, _) = await service.CallAsync(HttpMethod.Get, path, null, ("Origin", "https://evil.example"), token);
        Assert.Equal(403, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Where_pages_may_call_an_unknown_path_is_still_unknown()
    {
        await using var service = await ServiceRun.StartAsync(
            options: new() { AllowedOrigins = ["https://a.example"] });
        var origin = ("Origin", "https://a.example");
        var (answer, _) = await service.CallAsync(HttpMethod.Get, "/v1/nowhere", null, origin);
        Assert.Equal(404, (int)answer.StatusCode);
        (answer, _) = await service.CallAsync(HttpMethod.Options, "/v1/maps/m/keys/k", null, origin);
        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Contains("PUT", answer.Headers.GetValues("Access-Control-Allow-Methods").Single());
    }

    [Fact]
    public async Task What_is_repeated_of_a_wrong_body_is_short()
    {
        await using var service = await ServiceRun.StartAsync();
        var problem = await service.RefusedAsync(
            400, "invalid-json", HttpMethod.Put, "/v1/samplers/x", $"{{\"{new string('a', 5000)}\":1}}");
        Assert.Equal(new string('a', 40) + "...", problem.GetProperty("field").GetString());
    }

    /// <summary>Two thousand callers that send little by little took gigabytes.</summary>
    [Theory]
    [InlineData("PUT /v1/samplers/x")]
    [InlineData("PUT /v1/maps/m/keys/k")]
    [InlineData("POST /v1/maps/m/lines")]
    [InlineData("POST /v1/topics/t/messages")]
    public async Task The_body_of_any_call_is_counted_while_it_comes_and_no_longer(string call)
    {
        await using var service = await ServiceRun.StartAsync(node: static node => node.Maps = new MapOptions());
        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync("127.0.0.1", service.Port, TestContext.Current.CancellationToken);
            await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"{call} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n\r\n{new string(' ', 500_000)}"));
            await ServiceRun.UntilAsync(() => BodyBytes(service) >= 500_000, "the bytes are counted");
        }

        await ServiceRun.UntilAsync(() => BodyBytes(service) == 0, "they are given back");
    }

    private static long BodyBytes(ServiceRun service) => long.Parse(
        service.Client.GetStringAsync("/metrics").Result.Split('\n').Single(static line => line.StartsWith(
            "hearsay_http_bodies_bytes ", StringComparison.Ordinal)).Split(' ')[1], null);

    private static Gen<string> OneOf(params string[] texts) =>
        Gen.Int[0, texts.Length - 1].Select(place => texts[place]);
}
