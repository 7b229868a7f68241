using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hearsay.AspNetCore.Tests.Calls;

/// <summary>
/// Every route with random names, fields, headers and bodies: refused or answered, and never a defect.
/// </summary>
public sealed partial class RouteFuzzTests
{
    private const int Calls = 800;

    /// <summary>Names, ids and fields: what may be right, and what is wrong in some way.</summary>
    private static readonly string[] s_words =
    [
        "a", "load", "0", "-1", "1", "256", "257", "1e9", "NaN", "null", "true",
        "%00", "%2F", "%2e%2e", "%FF", "\u00e4",
        "%F0%9F%98%80", new('x', 65), new('x', 600), "0123456789abcdef0123456789abcdef", "uniform-with-replacement",
        "%22%3E", " ", "+", "*", "..", "%", "99999999999999999999",
    ];

    private static readonly string[] s_fields =
    [
        "count", "policy", "track", "limit", "after", "prefix", "nodes", "timeoutSeconds", "waitSeconds", "ttlSeconds",
        "other",
    ];

    private static readonly string[] s_bodies =
    [
        "", "{}", "[]", "null", "0", "\"x\"", "{\"kind\":\"average\"}", "{\"kind\":7}", "{\"value\":1}",
        "{\"value\":\"x\"}", "{\"value\":1e999}", "{\"count\":2}", "{\"policy\":\"head\",\"leaseSeconds\":1}",
        "{\"leaseSeconds\":-5}", "{\"items\":[1,{}]}", "{\"kind\":\"quantile\",\"quantile\":2}", "{", "\ud83d\ude00",
        "{\"a\":{\"a\":",
        "{\"kind\":\"sum\",\"kind\":\"sum\"}", "\0\0\0", "{\"amount\":-3}", "{\"amount\":-9223372036854775808}",
        "{\"amount\":9223372036854775807}",
    ];

    private static readonly string[] s_headers =
    [
        "If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID", "Content-Type", "Accept", "Range", "X-Other",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_call_is_a_defect_and_the_node_goes_on(int seed)
    {
        await using var service = await ServiceRun.StartAsync(
            others: 1, node: static options => options.Maps = new MapOptions(),
            options: new HearsayHttpOptions { Limits = new HearsayHttpLimits { WritesPerSecond = 1_000_000 } });
        var random = new Random(seed);
        var routes = service.Services.GetServices<EndpointDataSource>().Concat(
            ((IEndpointRouteBuilder)service.App).DataSources).SelectMany(static source => source.Endpoints)
            .OfType<RouteEndpoint>().Select(static route => route.DisplayName!).Distinct()
            .Where(static name => name.Contains(" /", StringComparison.Ordinal)
                && !name.EndsWith("/leave", StringComparison.Ordinal))
            .ToArray();
        Assert.InRange(routes.Length, 30, 100);
        var statuses = new SortedDictionary<int, int>();
        for (var i = 0; i < Calls; i++)
        {
            using var request = Make(random, routes[random.Next(routes.Length)]);
            var told = $"seed {seed}, call {i}: {request.Method} {request.RequestUri}";
            using var answer = await service.Client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            var status = (int)answer.StatusCode;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            Assert.True(status is >= 200 and < 300 or >= 400 and < 500 or 502 or 503 or 504, $"{told}: {status}");
            if (status is 400 or >= 409)
            {
                Assert.True(
                    answer.Content.Headers.ContentType?.MediaType is "application/problem+json" or null, told);
            }
        }

        Assert.True(statuses.Keys.Intersect([200, 204, 400, 404]).Count() == 4, string.Join(' ', statuses));
        Assert.True(service.Defects.Count == 0, string.Join(Environment.NewLine, service.Defects.Take(2)));
        var page = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("hearsay_http_faults_total 0\n", page, StringComparison.Ordinal);
        var cycles = service.Node.Counters.Cycles;
        await ServiceRun.UntilAsync(() => service.Node.Counters.Cycles > cycles + 2, "it goes on gossiping");
    }

    private static HttpRequestMessage Make(Random random, string route)
    {
        string Word() => s_words[random.Next(s_words.Length)];
        var (method, path) = (route.Split(' ')[0], route[(route.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        path = Field().Replace(path, _ => Word());
        var query = string.Join('&', Enumerable.Range(0, random.Next(3)).Select(_ =>
        {
            var field = s_fields[random.Next(s_fields.Length)];
            return $"{field}={(field is "timeoutSeconds" ? "1" : field is "waitSeconds" ? "0" : Word())}";
        }));

        // Without it a call for the next request waits for one.
        query += route.EndsWith("/next", StringComparison.Ordinal) ? "&waitSeconds=0" : string.Empty;
        var request = new HttpRequestMessage(
            random.Next(20) == 0 ? HttpMethod.Patch : new HttpMethod(method),
            Uri.TryCreate($"{path}?{query}", UriKind.Relative, out var made) ? made
                : new Uri("/v1/node", UriKind.Relative));
        if (method is "PUT" or "POST" || random.Next(10) == 0)
        {
            var text = s_bodies[random.Next(s_bodies.Length)];
            var bytes = random.Next(3) == 0 ? new byte[random.Next(5000)] : Encoding.UTF8.GetBytes(text);
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.ContentType = random.Next(2) == 0
                ? null : new MediaTypeHeaderValue("application/json");
        }

        for (var headers = random.Next(3); headers > 0; headers--)
        {
            var name = s_headers[random.Next(s_headers.Length)];
            var word = Word();
            if (Ascii.IsValid(word))
            {
                request.Headers.TryAddWithoutValidation(name, random.Next(2) == 0 ? $"\"{word}\"" : word);
            }
        }

        return request;
    }

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Field();
}
