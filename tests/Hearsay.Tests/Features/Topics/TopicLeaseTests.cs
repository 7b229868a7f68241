using System.Runtime.InteropServices;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Topics;

/// <summary>Messages that are read in batches and not copied. One test measures what a thread allocates.</summary>
[Collection(nameof(RunsAlone))]
public sealed class TopicLeaseTests
{
    private readonly LeaseRig _rig = new();
    private readonly TopicLease[] _batch = new TopicLease[64];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_steady_stream_is_handed_over_and_read_without_an_allocation(bool inOrder)
    {
        await using var subscription = _rig.SubscribeToLeases(new() { InOrder = inOrder });
        var sequence = 0ul;
        void Stream()
        {
            for (var round = 0; round < 100; round++)
            {
                for (var i = 0; i < 20; i++)
                {
                    _rig.Deliver(++sequence);
                }

                var read = subscription.ReadBatchAsync(_batch, Cancellation);
                Assert.True(read.IsCompletedSuccessfully);
                End(read.Result, (byte)(sequence - 19));
            }
        }

        Stream();
        Assert.Equal((0, 0, 0), (LeastAllocated(Stream), _rig.Service.Copied, _rig.Log.LeasedBytes));
    }

    [Fact]
    public async Task A_payload_is_not_a_copy_and_stays_as_it_is_until_the_lease_ends()
    {
        await using var subscription = _rig.SubscribeToLeases();
        _rig.Deliver(1);
        Assert.Equal(1, await subscription.ReadBatchAsync(_batch, Cancellation));
        var ended = _batch[0].Message.Payload;
        Assert.True(MemoryMarshal.TryGetArray(ended, out var array));
        Assert.NotEqual(ended.Length, array.Array!.Length);
        _batch[0].Dispose();
        _rig.Deliver(1);
        Assert.Equal(1, await subscription.ReadBatchAsync(_batch, Cancellation));
        var kept = _batch[0].Message.Payload;
        await subscription.DisposeAsync();
        _rig.DropAll();
        Assert.False(kept.Span.ContainsAnyExcept((byte)1));
        _rig.Overwrite(2);
        Assert.False(kept.Span.ContainsAnyExcept((byte)1));
        _batch[0].Dispose();
        Assert.Equal(0, _rig.Log.LeasedBytes);
    }

    [Fact]
    public async Task The_memory_of_a_lease_that_has_ended_is_used_again()
    {
        await using var subscription = _rig.SubscribeToLeases();
        _rig.Deliver(1);
        Assert.Equal(1, await subscription.ReadBatchAsync(_batch, Cancellation));
        var payload = _batch[0].Message.Payload;
        _batch[0].Dispose();
        await subscription.DisposeAsync();
        _rig.Overwrite(2);
        Assert.True(payload.Span.ContainsAnyExcept((byte)1));
    }

    [Fact]
    public async Task Leases_that_are_never_disposed_keep_no_more_memory_than_they_may_and_later_messages_are_copied()
    {
        await using var subscription = _rig.SubscribeToLeases(new() { Capacity = 1 << 20 });
        var leases = new TopicLease[1_000];
        for (var i = 0; i < leases.Length; i++)
        {
            _rig.Deliver((ulong)i + 1);
            Assert.Equal(1, await subscription.ReadBatchAsync(leases.AsMemory(i, 1), Cancellation));
            Assert.InRange(_rig.Log.LeasedBytes, 1, LeaseRig.Capacity / 2);
            Assert.InRange(_rig.Log.Bytes, 1, LeaseRig.Capacity);
        }

        Assert.InRange(_rig.Service.Copied, 900, leases.Length);
        for (var i = 0; i < leases.Length; i++)
        {
            Assert.False(leases[i].Message.Payload.Span.ContainsAnyExcept((byte)(i + 1)));
            leases[i].Dispose();
        }

        // All is well again.
        Assert.Equal(0, _rig.Log.LeasedBytes);
        var copied = _rig.Service.Copied;
        _rig.Deliver(7);
        End(await subscription.ReadBatchAsync(_batch, Cancellation), 7);
        Assert.Equal(copied, _rig.Service.Copied);
    }

    [Fact]
    public async Task A_lease_ends_once_and_is_of_no_use_afterwards()
    {
        await using var subscription = _rig.SubscribeToLeases();
        _rig.Deliver(1);
        await subscription.ReadBatchAsync(_batch, Cancellation);
        var (first, copy) = (_batch[0], _batch[0]);
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => copy.Message);

        // The next lease uses the same place. The one before cannot end it.
        _rig.Deliver(2);
        await subscription.ReadBatchAsync(_batch, Cancellation);
        first.Dispose();
        copy.Dispose();
        Assert.Equal(2ul, _batch[0].Message.Sequence);
        _rig.DropAll();
        _rig.Overwrite(3);
        Assert.False(_batch[0].Message.Payload.Span.ContainsAnyExcept((byte)2));
        Assert.Throws<ObjectDisposedException>(() => first.Message);
        Assert.Throws<ObjectDisposedException>(() => default(TopicLease).Message);
        default(TopicLease).Dispose();
    }

    [Fact]
    public async Task After_the_node_has_stopped_what_waits_is_read_and_then_the_sequence_ends()
    {
        await using var subscription = _rig.SubscribeToLeases();
        _rig.Deliver(1);
        _rig.Deliver(2);
        Assert.Equal(1, await subscription.ReadBatchAsync(_batch.AsMemory(0, 1), Cancellation));
        _rig.Service.Complete();
        _rig.DropAll();
        Assert.Equal(1, await subscription.ReadBatchAsync(_batch.AsMemory(1, 1), Cancellation));
        Assert.Equal(0, await subscription.ReadBatchAsync(_batch.AsMemory(2), Cancellation));
        Assert.Equal([1, 2], _batch[..2].Select(lease => (int)lease.Message.Payload.Span[^1]));
        End(2, 1);
        Assert.Equal(0, _rig.Log.LeasedBytes);
    }

    [Fact]
    public async Task A_node_that_stopped_by_itself_fails_the_read()
    {
        await using var subscription = _rig.SubscribeToLeases();
        var waiting = subscription.ReadBatchAsync(_batch, Cancellation);
        _rig.Service.Complete(new ObjectDisposedException(null, "taken"));
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiting);
        Assert.Contains("taken", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_a_subscription_ends_its_read_and_gives_back_what_waits()
    {
        var waiting = _rig.SubscribeToLeases();
        var read = waiting.ReadBatchAsync(_batch, Cancellation);
        await waiting.DisposeAsync();
        Assert.Equal(0, await read);

        var unread = _rig.SubscribeToLeases();
        _rig.Deliver(1);
        Assert.NotEqual(0, _rig.Log.LeasedBytes);
        await unread.DisposeAsync();
        Assert.Equal(0, _rig.Log.LeasedBytes);
        Assert.Equal(0, await unread.ReadBatchAsync(_batch, Cancellation));

        var neverRead = _rig.Subscribe();
        _rig.Deliver(2);
        await neverRead.DisposeAsync();
        Assert.Equal(0, await neverRead.ReadBatchAsync(_batch, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_that_are_dropped_or_come_twice_keep_no_memory(bool inOrder)
    {
        await using var subscription = _rig.SubscribeToLeases(new() { Capacity = 1, InOrder = inOrder });
        ulong[] order = [1, 3, 3, 2, 1, 4];
        Array.ForEach(order, sequence => _rig.Deliver(sequence));
        End(await subscription.ReadBatchAsync(_batch, Cancellation), 1);
        Assert.Equal(0, _rig.Log.LeasedBytes);
    }

    [Fact]
    public async Task A_batch_ends_before_a_loss_which_is_told_at_its_place()
    {
        var told = new List<long>();
        await using var subscription = _rig.SubscribeToLeases(new() { Capacity = 2, OnMissed = told.Add });
        for (var i = 1ul; i <= 5; i++)
        {
            _rig.Deliver(i);
        }

        Assert.Equal(1, await subscription.ReadBatchAsync(_batch.AsMemory(0, 1), Cancellation));
        _rig.Deliver(6);
        _rig.Deliver(7);
        Assert.Equal(1, await subscription.ReadBatchAsync(_batch.AsMemory(1), Cancellation));
        Assert.Equal((2ul, 0), (_batch[1].Message.Sequence, told.Count));
        var read = subscription.ReadBatchAsync(_batch.AsMemory(2), Cancellation);
        _rig.Deliver(8);
        Assert.Equal(1, await read);
        Assert.Equal(subscription.Missed, told.Sum());
        Assert.Equal((8ul, told.Sum()), (_batch[2].Message.Sequence, _batch[2].Message.MissedBefore));
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        await using var subscription = _rig.SubscribeToLeases();
        using var cancelled = new CancellationTokenSource();
        var read = subscription.ReadBatchAsync(_batch, cancelled.Token);
        await cancelled.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        Assert.Equal(cancelled.Token, error.CancellationToken);
        _rig.Deliver(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await subscription.ReadBatchAsync(_batch, cancelled.Token));
        End(await subscription.ReadBatchAsync(_batch, Cancellation), 1);
    }

    [Fact]
    public async Task A_subscription_is_read_in_one_way_by_one_call_at_a_time()
    {
        await using var batches = _rig.Subscribe();
        var waiting = batches.ReadBatchAsync(_batch, Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await batches.ReadBatchAsync(_batch, Cancellation));
        Assert.Throws<InvalidOperationException>(() => batches.GetAsyncEnumerator(Cancellation));
        _rig.Deliver(1);
        End(await waiting, 1);

        await using var single = _rig.Subscribe();
        await using var reader = single.GetAsyncEnumerator(Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await single.ReadBatchAsync(_batch, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(async () => await batches.ReadBatchAsync(default, Cancellation));
    }

    [Fact]
    public async Task Those_who_want_a_copy_get_one_beside_those_who_lease()
    {
        await using var leases = _rig.SubscribeToLeases();
        await using var copies = _rig.Subscribe();
        _rig.Deliver(1);
        End(await leases.ReadBatchAsync(_batch, Cancellation), 1);
        _rig.Overwrite(2);
        await using var reader = copies.GetAsyncEnumerator(Cancellation);
        Assert.True(await reader.MoveNextAsync());
        Assert.False(reader.Current.Payload.Span.ContainsAnyExcept((byte)1));
    }

    /// <summary>Checks and ends the leases of a batch, whose messages have the numbers from one on.</summary>
    private void End(int count, byte first)
    {
        for (var i = 0; i < count; i++)
        {
            var payload = _batch[i].Message.Payload.Span;
            Assert.False(payload.ContainsAnyExcept((byte)(first + i)));
            _batch[i].Dispose();
        }
    }

    /// <summary>The least that this thread allocates in three tries: the runtime allocates now and then.</summary>
    private static long LeastAllocated(Action work)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 3 && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
