using CsCheck;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Tests.Core;

public sealed class RoundTripEstimatorTests
{
    private static readonly TimeSpan _minimum = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _maximum = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void Before_anything_was_measured_the_time_out_is_the_longest()
    {
        var estimator = new RoundTripEstimator(_minimum, _maximum);
        Assert.Equal(_maximum, estimator.Timeout);
        Assert.Equal(TimeSpan.Zero, estimator.Smoothed);
    }

    [Fact]
    public void The_first_measurement_gives_three_times_itself_and_later_ones_follow_RFC_6298()
    {
        var estimator = new RoundTripEstimator(_minimum, _maximum);
        estimator.Measured(TimeSpan.FromMilliseconds(40));
        Assert.Equal(TimeSpan.FromMilliseconds(120), estimator.Timeout);

        var (smoothed, deviation) = (40.0, 20.0);
        foreach (var sample in new[] { 30, 55, 41, 41, 60, 38 })
        {
            estimator.Measured(TimeSpan.FromMilliseconds(sample));
            deviation += (Math.Abs(sample - smoothed) - deviation) / 4;
            smoothed += (sample - smoothed) / 8;
            Assert.Equal(smoothed, estimator.Smoothed.TotalMilliseconds, 0.01);
            Assert.Equal(smoothed + (4 * deviation), estimator.Timeout.TotalMilliseconds, 0.01);
        }
    }

    [Fact]
    public void Steady_round_trips_bring_the_time_out_down_to_the_shortest()
    {
        var estimator = new RoundTripEstimator(_minimum, _maximum);
        for (var i = 0; i < 100; i++)
        {
            estimator.Measured(TimeSpan.FromMilliseconds(2));
        }

        Assert.Equal(_minimum, estimator.Timeout);
        Assert.Equal(2, estimator.Smoothed.TotalMilliseconds, 0.1);
    }

    [Fact]
    public void Whatever_is_measured_the_time_out_stays_within_its_limits() =>
        Gen.Long.Array[0, 50].Sample(samples =>
        {
            var estimator = new RoundTripEstimator(_minimum, _maximum);
            foreach (var sample in samples)
            {
                estimator.Measured(TimeSpan.FromTicks(sample));
                Assert.InRange(estimator.Timeout, _minimum, _maximum);
                Assert.InRange(estimator.Smoothed, TimeSpan.Zero, 2 * _maximum);
            }
        });
}
