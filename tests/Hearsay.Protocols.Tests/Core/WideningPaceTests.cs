using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Tests.Core;

public sealed class WideningPaceTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void What_goes_on_happens_at_once_and_then_ever_more_rarely_up_to_the_longest_pause()
    {
        var pace = new WideningPace(_second, 10 * _second);
        var times = new List<double>();
        for (var i = 0; i < 6_000; i++)
        {
            var now = Instant.Zero + (i * _second / 100);
            if (pace.TryTake(now))
            {
                times.Add((now - Instant.Zero).TotalSeconds);
            }
        }

        Assert.Equal([0, 1, 3, 7, 15, 25, 35, 45, 55], times);
    }

    [Fact]
    public void After_a_quiet_time_of_twice_the_pause_it_begins_anew()
    {
        var pace = new WideningPace(_second, 60 * _second);
        for (var i = 0; i < 40; i++)
        {
            pace.TryTake(Instant.Zero + (i * _second));
        }

        var quiet = pace.Next + (65 * _second);
        Assert.True(pace.TryTake(quiet));
        Assert.Equal(quiet + _second, pace.Next);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void The_first_time_is_never_held_back(long ticks) =>
        Assert.True(new WideningPace(_second, _second).TryTake(new Instant(ticks)));
}
