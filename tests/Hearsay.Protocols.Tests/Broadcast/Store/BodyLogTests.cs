using CsCheck;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Tests.Broadcast.Store;

/// <summary>Messages one behind the other, the oldest released first.</summary>
public sealed class BodyLogTests
{
    [Fact]
    public void No_two_messages_share_a_byte_and_memory_keeps_its_bound()
    {
        const int Capacity = 1 << 16;
        Gen.Select(Gen.Int[1, 9_000], Gen.Int[0, 3]).Array[1, 400].Sample(steps =>
        {
            var (log, held) = (new BodyLog(Capacity), new Queue<(byte[] Segment, int Offset, int Length, byte Mark)>());
            byte mark = 0;
            foreach (var (length, releases) in steps)
            {
                for (var i = 0; held.Count > 0 && (i < releases || !log.Fits(length)); i++)
                {
                    Release(log, held);
                }

                var segment = log.Append(length, out var offset);
                segment.AsSpan(offset, length).Fill(++mark);
                held.Enqueue((segment, offset, length, mark));
                Assert.InRange(log.UsedBytes, held.Sum(one => one.Length), Capacity);
                Assert.InRange(log.Bytes, log.UsedBytes, Capacity);
            }

            while (held.Count > 0)
            {
                Release(log, held);
            }

            Assert.Equal(0, log.UsedBytes);
        });
    }

    [Fact]
    public void In_a_steady_stream_nothing_is_allocated_once_it_is_full()
    {
        var (log, held) = (new BodyLog(1 << 20), 0);
        void Add()
        {
            for (; held > 0 && !log.Fits(1_000); held--)
            {
                log.ReleaseOldest();
            }

            log.Append(1_000, out _);
            held++;
        }

        for (var i = 0; i < 5_000; i++)
        {
            Add();
        }

        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                Add();
            }
        }));
        Assert.InRange(log.UsedBytes - (held * 1_000L), 0, 1 << 17);
    }

    [Fact]
    public void A_log_with_one_small_message_takes_a_few_kilobytes()
    {
        var log = new BodyLog(32 << 20);
        log.Append(100, out _);
        Assert.InRange(log.Bytes, 100, 1 << 12);
    }

    private static void Release(BodyLog log, Queue<(byte[] Segment, int Offset, int Length, byte Mark)> held)
    {
        var (segment, offset, length, mark) = held.Dequeue();
        Assert.False(segment.AsSpan(offset, length).ContainsAnyExcept(mark));
        log.ReleaseOldest();
    }
}
