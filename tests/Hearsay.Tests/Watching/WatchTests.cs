using CsCheck;
using Hearsay.Tests.Transport;
using Hearsay.Watching;

namespace Hearsay.Tests.Watching;

public sealed class WatchTests
{
    [Fact]
    public async Task A_loss_is_announced_where_it_happened()
    {
        var watch = new Watch<long>(3, static missed => -missed);
        for (var i = 1; i <= 5; i++)
        {
            watch.Offer(i);
        }

        await using var reader = watch.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        Assert.Equal([1, 2, 3, -2], await TakeAsync(reader, 4));
        watch.Offer(6);
        Assert.Equal([6], await TakeAsync(reader, 1));
    }

    [Fact]
    public async Task A_loss_in_the_middle_comes_before_what_came_after()
    {
        var watch = new Watch<long>(3, static missed => -missed);
        for (var i = 1; i <= 5; i++)
        {
            watch.Offer(i);
        }

        await using var reader = watch.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        Assert.Equal([1, 2], await TakeAsync(reader, 2));
        watch.Offer(6);
        watch.Offer(7);
        watch.Complete();
        Assert.Equal([3, -2, 6, -1], await TakeAsync(reader, 4));
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public Task Every_item_is_read_or_counted_once_and_in_order_whatever_the_speeds() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 300]).SampleAsync(async sample =>
        {
            var (capacity, count) = sample;
            var watch = new Watch<long>(capacity, static missed => -missed);
            var writing = Task.Run(() =>
            {
                for (var i = 1; i <= count; i++)
                {
                    watch.Offer(i);
                }

                watch.Complete();
            });
            var next = 1L;
            await foreach (var item in watch.ReadAsync(CancellationToken.None))
            {
                Assert.True(item < 0 || item == next, $"{item} after {next - 1}");
                next += item < 0 ? -item : 1;
            }

            await writing.WaitAsync(Eventually.Deadline);
            Assert.Equal(count + 1, next);
        }, iter: 2_000);

    private static async Task<List<long>> TakeAsync(IAsyncEnumerator<long> reader, int count)
    {
        var items = new List<long>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline));
            items.Add(reader.Current);
        }

        return items;
    }
}
