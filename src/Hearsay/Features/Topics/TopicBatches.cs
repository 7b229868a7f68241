using System.Runtime.CompilerServices;
using Hearsay.Watching;

namespace Hearsay.Features.Topics;

/// <summary>Reads the messages of one subscription in batches, as leases.</summary>
internal sealed class TopicBatches
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Closed = 2;

    private readonly SubscriptionQueue<TopicMessage> _queue;
    private readonly LeaseSlots _slots = new();
    private readonly Pulse _pulse = new();
    private int _state;
    private volatile bool _isClosing;

    /// <param name="queue">The messages, which nothing else reads.</param>
    /// <exception cref="InvalidOperationException">The messages are read in another way.</exception>
    public TopicBatches(SubscriptionQueue<TopicMessage> queue)
    {
        queue.ReadBy(_pulse);
        _queue = queue;
    }

    /// <summary>Waits for messages and takes as many as there are.</summary>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="InvalidOperationException">Another call is waiting.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<TopicLease> batch, CancellationToken cancellationToken)
    {
        var state = Interlocked.CompareExchange(ref _state, Reading, Idle);
        if (state != Idle)
        {
            return state == Closed ? 0
                : throw new InvalidOperationException("A subscription can be read by one call at a time.");
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (!_isClosing)
            {
                if (Take(batch.Span) is > 0 and var count)
                {
                    return count;
                }

                if (_queue.HasEnded())
                {
                    return 0;
                }

                await _pulse.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return 0;
        }
        finally
        {
            Interlocked.Exchange(ref _state, Idle);
            if (_isClosing)
            {
                Close();
            }
        }
    }

    /// <summary>
    /// Ends the reading, and the leases on messages that wait. Those of messages that were read go on. The queue must
    /// be complete.
    /// </summary>
    public void Close()
    {
        _isClosing = true;
        _pulse.Set();
        if (Interlocked.CompareExchange(ref _state, Closed, Idle) == Idle)
        {
            while (_queue.TryDrop(out var message))
            {
                message.Segment?.EndLease();
            }
        }
    }

    /// <summary>A batch ends before a loss: the application has not seen the messages before it yet.</summary>
    private int Take(Span<TopicLease> batch)
    {
        var count = 0;
        while (count < batch.Length && _queue.TryRead(mayTell: count == 0, out var message))
        {
            batch[count++] = _slots.Lease(message);
        }

        return count;
    }
}
