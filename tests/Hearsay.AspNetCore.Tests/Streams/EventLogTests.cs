using System.Text;
using CsCheck;
using Hearsay.AspNetCore.Streams;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.AspNetCore.Tests.Streams;

public sealed class EventLogTests
{
    [Fact]
    public void Every_event_is_read_once_in_order_or_counted_as_missed() => Gen.Select(
        Gen.Int[1, 20], Gen.Int[100, 2000], Gen.Int[0, 12].Array[1, 60]).Sample((capacity, bytes, steps) =>
    {
        var log = new EventLog(capacity, bytes);
        var (cursor, added, seen) = (1L, 0, 0L);
        foreach (var step in steps)
        {
            for (var i = 0; i < step; i++)
            {
                log.Add("n", Encoding.ASCII.GetBytes($"{++added}"));
            }

            var frames = new List<byte[]>();
            var wait = log.Read(ref cursor, frames, int.MaxValue, out var missed);
            seen += missed;
            foreach (var frame in frames)
            {
                Assert.Equal($"id: {log.Boot}-{++seen}\nevent: n\ndata: {seen}\n\n", Encoding.ASCII.GetString(frame));
            }

            Assert.Equal(added, seen);
            Assert.True(frames.Count <= capacity && frames.Sum(static frame => frame.Length) <= Math.Max(bytes, 60));
            Assert.Equal(step > 0, wait is null);
        }
    });

    [Fact]
    public void A_batch_ends_when_it_has_bytes_enough_and_the_next_goes_on()
    {
        var log = new EventLog(100, 10_000);
        Enumerable.Range(0, 10).ToList().ForEach(_ => log.Add("n", "0"u8));
        var (cursor, frames) = (1L, new List<byte[]>());
        log.Read(ref cursor, frames, 1, out _);
        Assert.Equal((1, 2), (frames.Count, cursor));
        log.Read(ref cursor, frames, int.MaxValue, out _);
        Assert.Equal((10, 11), (frames.Count, cursor));
    }

    [Fact]
    public async Task Who_waits_is_woken_by_an_event_and_by_the_end()
    {
        var log = new EventLog(4, 1000);
        var (cursor, frames) = (1L, new List<byte[]>());
        var wait = log.Read(ref cursor, frames, 100, out _)!;
        Assert.False(wait.IsCompleted);
        log.Add("n", "0"u8);
        await wait;
        Assert.Null(log.Read(ref cursor, frames, 100, out _));
        wait = log.Read(ref cursor, frames, 100, out _)!;
        log.Complete();
        log.Complete();
        log.Add("n", "0"u8);
        await wait;
        Assert.Null(log.Read(ref cursor, frames, 100, out _));
        Assert.Single(frames);
    }

    [Fact]
    public void With_a_pace_the_first_event_is_shown_at_once_and_those_after_it_together()
    {
        var time = new FakeTimeProvider();
        var log = new EventLog(8, 10_000, time) { Pace = TimeSpan.FromMilliseconds(10) };
        var (cursor, frames) = (1L, new List<byte[]>());
        time.Advance(TimeSpan.FromSeconds(1));
        log.Add("n", "1"u8);
        Assert.Null(log.Read(ref cursor, frames, 1_000, out _));
        log.Add("n", "2"u8);
        log.Add("n", "3"u8);
        var wait = log.Read(ref cursor, frames, 1_000, out _)!;
        time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Equal((false, 1), (wait.IsCompleted, frames.Count));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(wait.IsCompleted);
        Assert.Null(log.Read(ref cursor, frames, 1_000, out _));
        Assert.Equal(3, frames.Count);

        log.Add("n", "4"u8);
        log.Complete();
        Assert.Null(log.Read(ref cursor, frames, 1_000, out _));
        Assert.Equal(4, frames.Count);
    }

    [Fact]
    public void Who_is_overtaken_within_a_pace_is_told_and_reads_the_rest()
    {
        var time = new FakeTimeProvider();
        var log = new EventLog(4, 10_000, time) { Pace = TimeSpan.FromMilliseconds(10) };
        var (cursor, frames) = (1L, new List<byte[]>());
        time.Advance(TimeSpan.FromSeconds(1));
        Enumerable.Range(0, 10).ToList().ForEach(_ => log.Add("n", "0"u8));
        Assert.Null(log.Read(ref cursor, frames, 1_000, out var missed));
        Assert.Equal((6, 0, 7), (missed, frames.Count, cursor));
        time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Null(log.Read(ref cursor, frames, 1_000, out missed));
        Assert.Equal((0, 4, 11), (missed, frames.Count, cursor));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Without_an_id_reading_begins_with_what_comes(string? id)
    {
        var log = new EventLog(4, 1000);
        log.Add("n", "0"u8);
        Assert.Equal(2, log.After(id, out var isUnknown));
        Assert.False(isUnknown);
    }

    [Fact]
    public void Of_an_id_that_this_log_never_gave_nobody_knows_what_was_missed() => Gen.OneOf(
        Gen.String, Gen.Long.Select(static number => $"-{number}"), Gen.Const("-99999999999999999999"),
        Gen.Const("-0x1"), Gen.Const("- 1")).Sample(static end =>
    {
        var log = new EventLog(4, 1000);
        log.Add("n", "0"u8);
        if (end is not ("-0" or "-1" or ""))
        {
            Assert.Equal(2, log.After(log.Boot + end, out var isUnknown));
            Assert.True(isUnknown || end.StartsWith('-'));
        }
    });
}
