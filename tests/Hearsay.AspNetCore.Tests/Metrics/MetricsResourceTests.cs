using System.Text.RegularExpressions;

namespace Hearsay.AspNetCore.Tests.Metrics;

public sealed partial class MetricsResourceTests
{
    [Fact]
    public async Task The_page_has_every_line_in_the_format_each_family_once_and_the_numbers_of_node_and_service()
    {
        await using var service = await ServiceRun.StartAsync(others: 1, node: options => options.Cluster = "default");
        await service.CallAsync(HttpMethod.Get, "/v1/peers?count=x");
        await service.CallAsync(HttpMethod.Get, "/v1/peer");
        await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        using var answer = await service.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        var types = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ToList();
        Assert.Equal(types.Count, types.Select(line => line.Split(' ')[2]).Distinct().Count());
        var series = lines.Where(line => line[0] != '#').Select(line => line[..line.LastIndexOf(' ')]).ToList();
        Assert.Equal(series.Count, series.Distinct().Count());
        Assert.Contains("# TYPE hearsay_exchanges_total counter", lines);
        Assert.Contains("# TYPE hearsay_view_size gauge", lines);
        Assert.Contains(lines, line => line.StartsWith(
            "hearsay_bytes_sent_total{hearsay_cluster=\"default\",network_transport=\"udp\"} ",
            StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("hearsay_loop_late_seconds_total{", StringComparison.Ordinal));
        Assert.Contains("hearsay_http_refused_total{hearsay_reason=\"invalid\"} 1", lines);
        Assert.Contains("hearsay_http_calls_total 4", lines);
    }

    [GeneratedRegex(
        """^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? \S+)$""")]
    private static partial Regex Line();
}
