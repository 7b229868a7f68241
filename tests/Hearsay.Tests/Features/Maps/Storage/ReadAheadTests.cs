using Hearsay.Features.Maps.Storage;

namespace Hearsay.Tests.Features.Maps.Storage;

public sealed class ReadAheadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_024)]
    [InlineData(100_000)]
    public void All_items_come_in_their_order(int count) =>
        Assert.Equal(Enumerable.Range(0, count), ReadAhead.Of(Enumerable.Range(0, count)));

    [Fact]
    public void An_exception_comes_after_what_was_before_it()
    {
        var read = 0;
        Assert.Throws<IOException>(() =>
        {
            foreach (var _ in ReadAhead.Of(Failing(5_000)))
            {
                read++;
            }
        });
        Assert.InRange(read, 4_096, 5_000);
    }

    [Fact]
    public void Who_stops_reading_waits_for_nothing()
    {
        Assert.Equal(7, ReadAhead.Of(Endless()).ElementAt(7));

        static IEnumerable<int> Endless()
        {
            for (var i = 0; ; i++)
            {
                yield return i;
            }
        }
    }

    private static IEnumerable<int> Failing(int after)
    {
        for (var i = 0; i < after; i++)
        {
            yield return i;
        }

        throw new IOException("The disk is broken.");
    }
}
