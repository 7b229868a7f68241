using Hearsay.Tests;

namespace Hearsay.Learning.Tests;

public sealed class LearningMetricsTests
{
    [Fact]
    public void The_page_has_every_number_with_its_unit_and_its_tag_and_no_other()
    {
        var expected = LearningMetrics.All.GroupBy(static metric => metric.Name).Select(static group =>
        {
            var tags = group.Select(static one => one.Tag).OfType<(string, string)>();
            return $"{group.Key} {group.First().Unit} {Tag([.. tags])}";
        });
        var told = new List<string>();
        foreach (var line in File.ReadAllLines(Repository.PathOf("docs", "metrics.md")))
        {
            if (line.StartsWith("| `hearsay.learning.", StringComparison.Ordinal)
                && line.Split('|', StringSplitOptions.TrimEntries) is [_, var name, var unit, var tag, ..])
            {
                told.Add($"{name.Trim('`')} {unit} {Sorted(tag)}");
            }
        }

        Assert.Equal(expected.Order(), told.Order());
    }

    [Fact]
    public async Task What_learners_counted_stays_when_they_have_ended()
    {
        await using var node = await GossipNode.StartAsync(new GossipNodeOptions { Bind = "127.0.0.1:0" });
        Assert.DoesNotContain(node.GetDiagnostics().Measurements, static one => one.Name.Contains("learning"));
        var options = new LearningOptions { Period = TimeSpan.FromMilliseconds(20) };
        for (var i = 1; i <= 3; i++)
        {
            var learner = node.Learn(LinearModel.Logistic(2), TestData.Line(30, 1), options);
            Assert.Equal(1, node.GetDiagnostics().Sum("hearsay.learning.learners"));
            await foreach (var progress in learner.WatchAsync().WithTimeout(TimeSpan.FromMinutes(2)))
            {
                if (learner.Counters.Steps > 10)
                {
                    break;
                }
            }

            await learner.DisposeAsync();
            Assert.Equal(0, node.GetDiagnostics().Sum("hearsay.learning.learners"));
            Assert.True(node.GetDiagnostics().Sum("hearsay.learning.steps") > 10 * i);
        }
    }

    private static string Tag((string Key, string Value)[] tags) => tags.Length == 0
        ? string.Empty
        : $"`{tags[0].Key}` = {string.Join(", ", tags.Select(static tag => tag.Value).Order())}";

    private static string Sorted(string tag) => tag.Split(" = ") is [var key, var values]
        ? $"{key} = {string.Join(", ", values.Split(", ").Order())}" : tag;
}
