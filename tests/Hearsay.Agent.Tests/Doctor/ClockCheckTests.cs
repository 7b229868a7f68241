using System.Globalization;
using Hearsay.Agent.Doctor;

namespace Hearsay.Agent.Tests.Doctor;

public sealed class ClockCheckTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_clock_of_long_ago_is_a_problem()
    {
        var clock = new ClockCheck(new Clock { Wall = DateTimeOffset.UnixEpoch });
        Assert.Equal(FindingLevel.Problem, Assert.Single(clock.Of(null)).Level);
    }

    [Fact]
    public void A_clock_that_is_behind_what_the_node_has_recorded_is_a_warning()
    {
        var data = Directory.CreateTempSubdirectory("hearsay-clock-");
        foreach (var (ahead, findings) in new[] { (TimeSpan.FromHours(3), 1), (TimeSpan.FromSeconds(-5), 0) })
        {
            var incarnation = (s_now + ahead).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            File.WriteAllText(
                Path.Combine(data.FullName, "node.json"),
                $$"""{"id":"{{new string('a', 32)}}","incarnation":{{incarnation}}}""");
            var found = new ClockCheck(new Clock { Wall = s_now }).Of(data.FullName).ToList();
            Assert.Equal(findings, found.Count);
            Assert.All(found, static finding => Assert.Contains("0.03:00:00 behind", finding.Text));
        }

        data.Delete(recursive: true);
    }

    [Fact]
    public void A_clock_that_jumps_while_it_is_looked_at_is_a_warning()
    {
        var time = new Clock { Wall = s_now };
        var clock = new ClockCheck(time);
        time.Wall += TimeSpan.FromSeconds(4);
        time.Own += TimeSpan.FromSeconds(4);
        Assert.Equal(FindingLevel.Ok, Assert.Single(clock.End()).Level);
        time.Wall -= TimeSpan.FromSeconds(60);
        Assert.Contains("-60.0 s", Assert.Single(clock.End()).Text);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Wall { get; set; }

        public TimeSpan Own { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Own.Ticks;
    }
}
