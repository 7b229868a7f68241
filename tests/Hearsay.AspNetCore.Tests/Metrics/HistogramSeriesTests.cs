using System.Diagnostics.Metrics;
using System.Text;
using Hearsay.AspNetCore.Metrics;

namespace Hearsay.AspNetCore.Tests.Metrics;

public sealed class HistogramSeriesTests
{
    [Fact]
    public void A_histogram_is_told_in_cumulative_buckets_with_sum_and_count()
    {
        using var meter = new Meter("test");
        var histogram = meter.CreateHistogram(
            "a.b", "s", "What.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        KeyValuePair<string, object?>[] tags = [new("c", "x")];
        var series = new HistogramSeries(histogram, tags);
        foreach (var value in (double[])[0.25, 0.5, 1, 8])
        {
            series.Take(value);
        }

        var text = new StringBuilder();
        series.AppendTo(text, "a_b_seconds");
        Assert.Equal(
            """
            a_b_seconds_bucket{c="x",le="0.5"} 2
            a_b_seconds_bucket{c="x",le="2"} 3
            a_b_seconds_bucket{c="x",le="+Inf"} 4
            a_b_seconds_sum{c="x"} 9.75
            a_b_seconds_count{c="x"} 4

            """.ReplaceLineEndings("\n"), $"{text}");
        Assert.True(series.Is(histogram, tags));
        Assert.False(series.Is(histogram, [new("c", "y")]));
        Assert.False(series.Is(histogram, []));
    }
}
