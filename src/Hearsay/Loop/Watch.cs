using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Hearsay.Loop;

/// <summary>
/// A bounded queue from the event loop to one reader. What does not fit is dropped and counted, and the reader is told where
/// in the order and how many: never a silent loss, never a loop that waits.
/// </summary>
internal sealed class Watch<T>(int capacity, Func<long, T> lagged)
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity)
    {
        SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait,
    });

    /// <summary>Items dropped that the reader was not told of yet.</summary>
    private long _missed;

    /// <summary>Offers an item; only the event loop calls this.</summary>
    public void Offer(in T item)
    {
        var missed = Interlocked.Read(ref _missed);
        if (missed > 0)
        {
            if (!_channel.Writer.TryWrite(lagged(missed)))
            {
                Interlocked.Increment(ref _missed);
                return;
            }

            Interlocked.Add(ref _missed, -missed);
        }

        if (!_channel.Writer.TryWrite(item))
        {
            Interlocked.Increment(ref _missed);
        }
    }

    /// <summary>Ends the sequence.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>The items in order.</summary>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await _channel.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            while (_channel.Reader.TryRead(out var item))
            {
                yield return item;
            }

            // Nothing came after the loss that could have announced it.
            if (Interlocked.Exchange(ref _missed, 0) is > 0 and var missed)
            {
                yield return lagged(missed);
            }
        }
    }
}
