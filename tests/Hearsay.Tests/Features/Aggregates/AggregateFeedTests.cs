using Hearsay.Features.Aggregates;

namespace Hearsay.Tests.Features.Aggregates;

/// <summary>
/// What an application reads of one aggregate: estimates of one life, whatever their epochs are numbered.
/// </summary>
public sealed class AggregateFeedTests
{
    private static readonly AggregateDefinition Load = new("load", AggregateKind.Average);

    private readonly AggregateFeed _feed = new(1, Load);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_watches_goes_on_when_epoch_numbers_fall()
    {
        _feed.Offer(Final(92, 100));
        await using var reader = _feed.ReadAsync(true, true, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(100, await NextAsync(reader));
        _feed.Offer(Final(17, 20));
        _feed.Offer(Final(18, 21));
        Assert.Equal(20, await NextAsync(reader));
        Assert.Equal(21, await NextAsync(reader));
    }

    [Fact]
    public async Task Nothing_is_missed_or_comes_twice_between_the_last_epoch_and_the_next()
    {
        _feed.Offer(Final(1, 1));
        await using var reader = _feed.ReadAsync(true, true, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(1, await NextAsync(reader));
        // The reader is busy with the first; estimates under way do not push out results.
        for (var epoch = 2; epoch < 6; epoch++)
        {
            for (var cycle = 0; cycle < 30; cycle++)
            {
                _feed.Offer(UnderWay(epoch, 7));
            }

            _feed.Offer(Final(epoch, epoch));
        }

        for (var epoch = 2; epoch < 6; epoch++)
        {
            Assert.Equal(epoch, await NextAsync(reader));
        }
    }

    [Fact]
    public async Task What_was_told_in_an_earlier_life_is_not_told_again()
    {
        _feed.Offer(Final(288, 10));
        _feed.BeginLife();
        Assert.False(_feed.Final.IsReady);
        Assert.False(_feed.Latest.IsReady);
        await using var reader = _feed.ReadAsync(true, true, Cancellation).GetAsyncEnumerator(Cancellation);
        var next = NextAsync(reader);
        Assert.False(next.IsCompleted);
        _feed.Offer(Final(3, 777));
        Assert.Equal(777, await next);
    }

    [Fact]
    public async Task An_estimate_that_is_good_enough_is_one_under_way_or_the_last_result()
    {
        var aggregate = new Aggregate(
            new AggregateService(new AggregationOptions(), TimeProvider.System), _feed);
        var wanted = aggregate.GetWithinAsync(0.05, Cancellation);
        _feed.Offer(UnderWay(1, 10) with { Error = 0.6 });
        _feed.Offer(UnderWay(1, 10) with { Error = 0.1, IsReady = false });
        Assert.False(wanted.IsCompleted);
        for (var cycle = 0; cycle < 5; cycle++)
        {
            _feed.Offer(UnderWay(1, -11) with { Error = 0.5 });
        }

        Assert.Equal(-11, (await wanted.WaitAsync(Transport.Eventually.Deadline, Cancellation)).Value);
        _feed.Offer(Final(1, 12) with { Error = 3 });
        Assert.Equal(12, (await aggregate.GetWithinAsync(0.05, Cancellation)).Value);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => aggregate.GetWithinAsync(0, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => aggregate.GetWithinAsync(double.NaN, Cancellation));
        _feed.Complete();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => aggregate.GetWithinAsync(0.05, Cancellation));
    }

    private static AggregateEstimate Final(long epoch, double value) =>
        UnderWay(epoch, value) with { IsFinal = true };

    private static AggregateEstimate UnderWay(long epoch, double value) => new(
        Load, value, 0, epoch, 30, TimeSpan.FromSeconds(30), IsFinal: false, IsReady: true, 1);

    private static async Task<double> NextAsync(IAsyncEnumerator<AggregateEstimate> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(Transport.Eventually.Deadline, Cancellation));
        return reader.Current.Value;
    }
}
