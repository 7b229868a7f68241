using CsCheck;

namespace Hearsay.Protocols.Tests;

public class InstantTests
{
    [Fact]
    public void Sums_and_differences_saturate() => Gen.Select(Gen.Long, Gen.Long).Sample((left, right) =>
    {
        var sum = Int128.Clamp((Int128)left + right, long.MinValue, long.MaxValue);
        var difference = Int128.Clamp((Int128)left - right, long.MinValue, long.MaxValue);
        return (new Instant(left) + new TimeSpan(right)).Ticks == sum
            && (new Instant(left) - new Instant(right)).Ticks == difference;
    });

    [Fact]
    public void Extremes_stay_extremes()
    {
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(1));
        Assert.Equal(Instant.Never, new Instant(1) + TimeSpan.MaxValue);
        Assert.Equal(new Instant(long.MinValue), new Instant(-2) + TimeSpan.MinValue);
        Assert.Equal(TimeSpan.MaxValue, Instant.Never - new Instant(-1));
        Assert.Equal(TimeSpan.MinValue, new Instant(long.MinValue) - new Instant(1));
        Assert.Equal(TimeSpan.MaxValue, new Instant(0) - new Instant(long.MinValue));
    }

    [Fact]
    public void Order_is_that_of_the_ticks() => Gen.Select(Gen.Long, Gen.Long).Sample((left, right) =>
        (new Instant(left) < new Instant(right)) == (left < right)
        && (new Instant(left) >= new Instant(right)) == (left >= right)
        && Instant.Min(new(left), new(right)).Ticks == Math.Min(left, right)
        && Instant.Max(new(left), new(right)).Ticks == Math.Max(left, right));
}
