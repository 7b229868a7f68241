using Hearsay.AspNetCore.Limits;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.AspNetCore.Tests.Limits;

public sealed class RateLimitTests
{
    [Fact]
    public void A_second_is_in_reserve_and_no_more()
    {
        var time = new FakeTimeProvider();
        var limit = new RateLimit(10, time);
        Assert.Equal(10, Taken(limit));
        time.Advance(TimeSpan.FromMilliseconds(350));
        Assert.Equal(3, Taken(limit));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Taken(limit));
    }

    [Fact]
    public async Task Writing_calls_above_the_rate_are_429_with_a_time_to_come_back_and_reading_calls_are_not()
    {
        await using var service = await ServiceRun.StartAsync(
            options: new() { Limits = new() { WritesPerSecond = 1 } });
        var refused = 0;
        for (var i = 0; i < 20; i++)
        {
            var (answer, _) = await service.CallAsync(HttpMethod.Put, "/v1/samplers/x", "{}");
            refused += (int)answer.StatusCode == 429 && answer.Headers.RetryAfter is not null ? 1 : 0;
            await service.GetAsync("/v1/view");
        }

        Assert.InRange(refused, 1, 19);
    }

    [Fact]
    public void What_a_budget_has_not_is_refused_and_comes_back()
    {
        var budget = new ByteBudget(100);
        using (var one = new RoomLease(budget))
        {
            Assert.True(one.TryGrow(60));
            Assert.True(one.TryGrow(30));
            using var two = new RoomLease(budget);
            Assert.False(two.TryGrow(41));
            Assert.True(two.TryGrow(40));
            Assert.False(one.TryGrow(61));
        }

        Assert.Equal(0, budget.UsedBytes);
    }

    [Theory]
    [InlineData("Streams")]
    [InlineData("Topics")]
    [InlineData("Samplers")]
    [InlineData("PublishingBytes")]
    [InlineData("WritesPerSecond")]
    [InlineData("EventsHeld")]
    [InlineData("StreamPatience")]
    [InlineData("BearerToken")]
    public void Options_out_of_their_range_are_named(string option)
    {
        var options = new HearsayHttpOptions
        {
            BearerToken = option == "BearerToken" ? "short" : null,
            Limits = new HearsayHttpLimits
            {
                Streams = option == "Streams" ? 0 : 1,
                Topics = option == "Topics" ? 257 : 1,
                Samplers = option == "Samplers" ? 49 : 1,
                PublishingBytes = option == "PublishingBytes" ? 1 : 16 << 20,
                WritesPerSecond = option == "WritesPerSecond" ? 0 : 1,
                EventsHeld = option == "EventsHeld" ? 15 : 16,
                StreamPatience = option == "StreamPatience" ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
            },
        };
        var wrong = Assert.Throws<ArgumentException>(options.ThrowIfInvalid);
        Assert.Contains(option + " must", wrong.Message, StringComparison.Ordinal);
    }

    private static int Taken(RateLimit limit)
    {
        var taken = 0;
        while (limit.TryTake())
        {
            taken++;
        }

        return taken;
    }
}
