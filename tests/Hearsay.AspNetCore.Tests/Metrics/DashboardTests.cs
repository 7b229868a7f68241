using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hearsay.AspNetCore.Tests.Metrics;

/// <summary>The dashboard of Grafana asks for series that <c>/metrics</c> has, by labels that they have.</summary>
public sealed partial class DashboardTests
{
    [Fact]
    public async Task Every_series_and_label_of_the_dashboard_is_one_of_the_page()
    {
        await using var service = await ServiceRun.StartAsync(
            others: 1, node: static options => options.Maps = new MapOptions());
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/a", """{"kind":"average"}""");
        await service.CallAsync(HttpMethod.Put, "/v1/aggregates/a/value", """{"value":1}""");
        await using var inbox = service.Node.GetTopic("t").Subscribe();
        await service.Others[0].GetTopic("t").PublishAsync("x", TestContext.Current.CancellationToken);
        var page = string.Empty;
        await ServiceRun.UntilAsync(
            () => (page = service.Client.GetStringAsync("/metrics").GetAwaiter().GetResult()).Contains(
                "hearsay_broadcast_propagation_seconds_bucket", StringComparison.Ordinal)
                && page.Contains("hearsay_aggregation_error_bucket", StringComparison.Ordinal),
            "a message has come, and an epoch has ended");
        var lines = page.Split('\n').Where(static line => line.Length > 0 && line[0] != '#').ToList();
        var expressions = Expressions().ToList();
        Assert.InRange(expressions.Count, 20, 200);
        foreach (var expression in expressions)
        {
            foreach (Match series in Series().Matches(expression))
            {
                var name = series.Groups["name"].Value;
                var of = lines.Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)
                    || line.StartsWith(name + " ", StringComparison.Ordinal)).ToList();
                Assert.True(of.Count > 0, $"{name} is not on the page: {expression}");
                var labels = Label().Matches(series.Groups["labels"].Value).Select(static one => one.Groups[1].Value)
                    .Concat(By().Matches(expression).SelectMany(static by => by.Groups[1].Value.Split(',')));
                Assert.All(
                    labels.Select(static label => label.Trim()).Where(static label => label != "instance"),
                    label => Assert.True(
                        of[0].Contains($"{label}=\"", StringComparison.Ordinal),
                        $"{name} has no {label}: {expression}"));
            }
        }
    }

    private static IEnumerable<string> Expressions()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Hearsay.slnx")))
        {
            directory = Path.GetDirectoryName(directory)!;
        }

        using var dashboard = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(directory, "deploy", "grafana", "hearsay.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!)];
    }

    [GeneratedRegex(@"(?<name>\bhearsay_[a-z_]+)\{(?<labels>[^}]*)\}")]
    private static partial Regex Series();

    [GeneratedRegex(@"([a-z_]+)=~")]
    private static partial Regex Label();

    [GeneratedRegex(@"sum by \(([a-z_, ]+)\)")]
    private static partial Regex By();
}
