using CsCheck;
using Hearsay.Protocols.Broadcast.Contracts;
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
            var log = new BodyLog(Capacity);
            var held = new Queue<(BodySegment Segment, int Offset, int Length, byte Mark)>();
            byte mark = 0;
            foreach (var (length, releases) in steps)
            {
                for (var i = 0; held.Count > 0 && (i < releases || !log.Fits(length)); i++)
                {
                    Release(log, held);
                }

                var segment = log.Append(length, out var offset);
                segment.Buffer.AsSpan(offset, length).Fill(++mark);
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

    /// <param name="seed">
    /// Null for a new one. With the other, a lease ended between the question whether a message fits and its answer.
    /// </param>
    [Theory]
    [InlineData(null)]
    [InlineData("f6oL0UvVRhL5")]
    public void What_is_leased_stays_as_it_is_and_leases_keep_their_bound(string? seed)
    {
        const int Capacity = 1 << 16;
        Gen.Select(Gen.Int[1, 9_000], Gen.Int[0, 4]).Array[1, 600].Sample(steps =>
        {
            var log = new BodyLog(Capacity);
            var (held, leased) = (0, new Queue<(BodySegment Segment, int Offset, int Length, byte Mark)>());
            byte mark = 0;
            foreach (var (length, leases) in steps)
            {
                for (; held > 0 && !log.Fits(length); held--)
                {
                    log.ReleaseOldest();
                }

                var segment = log.Append(length, out var offset);
                held++;
                segment.Buffer.AsSpan(offset, length).Fill(++mark);
                if (leases < 4 && segment.TryLease())
                {
                    leased.Enqueue((segment, offset, length, mark));
                }

                for (var i = 0; i < leases && leased.Count > 0; i++)
                {
                    EndOldest(leased);
                }

                Assert.InRange(log.UsedBytes, 0, Capacity);
                Assert.InRange(log.Bytes, log.UsedBytes, Capacity * 3 / 2);
                Assert.InRange(log.LeasedBytes, 0, Capacity / 2);
            }

            while (leased.Count > 0)
            {
                EndOldest(leased);
            }

            Assert.Equal(0, log.LeasedBytes);
        }, seed: seed);
    }

    [Fact]
    public void Memory_that_only_leases_kept_is_used_again()
    {
        var (log, held, leased) = (new BodyLog(1 << 20), 0, new Queue<BodySegment>());
        void Add()
        {
            for (; held > 0 && !log.Fits(1_000); held--)
            {
                log.ReleaseOldest();
            }

            var segment = log.Append(1_000, out _);
            held++;
            Assert.True(segment.TryLease());
            leased.Enqueue(segment);

            // Each lease outlives its message in the log by a little.
            while (leased.Count > 400)
            {
                leased.Dequeue().EndLease();
            }
        }

        void Round()
        {
            for (var i = 0; i < 5_000; i++)
            {
                Add();
            }

            // What is older than the retention goes, though there is room.
            for (; held > 100; held--)
            {
                log.ReleaseOldest();
            }
        }

        Round();
        Assert.Equal(0, SteadyState.Bytes(Round));
        Assert.InRange(log.Bytes, 0, 3 << 19);
    }

    [Fact]
    public async Task Leases_end_on_other_threads_while_the_log_goes_on()
    {
        var (log, held) = (new BodyLog(1 << 16), 0);
        var leases = System.Threading.Channels.Channel.CreateUnbounded<(BodySegment, int Offset, byte Mark)>();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var wrong = 0;
            await foreach (var (segment, offset, mark) in leases.Reader.ReadAllAsync())
            {
                wrong += segment.Buffer.AsSpan(offset, 500).ContainsAnyExcept(mark) ? 1 : 0;
                segment.EndLease();
            }

            return wrong;
        })).ToArray();
        for (var i = 0; i < 100_000; i++)
        {
            for (; held > 0 && !log.Fits(500); held--)
            {
                log.ReleaseOldest();
            }

            var segment = log.Append(500, out var offset);
            held++;
            segment.Buffer.AsSpan(offset, 500).Fill((byte)i);
            if (segment.TryLease())
            {
                leases.Writer.TryWrite((segment, offset, (byte)i));
            }
        }

        leases.Writer.Complete();
        Assert.All(await Task.WhenAll(readers), wrong => Assert.Equal(0, wrong));
        Assert.Equal(0, log.LeasedBytes);
    }

    private static void EndOldest(Queue<(BodySegment Segment, int Offset, int Length, byte Mark)> leased)
    {
        var (segment, offset, length, mark) = leased.Dequeue();
        Assert.False(segment.Buffer.AsSpan(offset, length).ContainsAnyExcept(mark));
        segment.EndLease();
    }

    private static void Release(BodyLog log, Queue<(BodySegment Segment, int Offset, int Length, byte Mark)> held)
    {
        var (segment, offset, length, mark) = held.Dequeue();
        Assert.False(segment.Buffer.AsSpan(offset, length).ContainsAnyExcept(mark));
        log.ReleaseOldest();
    }
}
