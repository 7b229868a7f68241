using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Hearsay.Watching;

/// <summary>
/// A bounded queue from the event loop to one reader. What does not fit is dropped and counted, and the reader is told
/// where in the order and how many: never a silent loss, never a loop that waits.
/// </summary>
/// <param name="capacity">The most items that wait.</param>
/// <param name="lagged">The announcement of a loss.</param>
/// <param name="bytesOf">How much an item holds; null where that does not count.</param>
/// <param name="capacityBytes">The most bytes that wait; one item alone may have more.</param>
internal sealed class Watch<T>(
    int capacity, Func<long, T> lagged, Func<T, int>? bytesOf = null, long capacityBytes = long.MaxValue)
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity)
    {
        SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait,
    });

    /// <summary>
    /// Makes the announcement of a loss one step, held for nanoseconds: it is made once, by writer or reader.
    /// </summary>
    private readonly Lock _gate = new();

    /// <summary>Items dropped that the reader was not told of yet; guarded by the gate.</summary>
    private long _missed;

    /// <summary>Bytes of the items that wait; writer and reader change it.</summary>
    private long _bytes;

    private volatile Pulse? _reader;

    /// <summary>How many items wait for the reader.</summary>
    public int Waiting => _channel.Reader.Count;

    /// <summary>Whether it is complete and all was read. Throws what it ended with.</summary>
    public bool HasEnded()
    {
        if (!_channel.Reader.Completion.IsCompleted)
        {
            return false;
        }

        _channel.Reader.Completion.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>From now on a pulse tells the reader that something has changed. It waits for nothing else.</summary>
    public void Tell(Pulse reader) => _reader = reader;

    /// <summary>Offers an item; only the event loop calls this.</summary>
    /// <returns>False if it was dropped.</returns>
    public bool Offer(in T item)
    {
        var isTaken = TryOffer(item);
        _reader?.Set();
        return isTaken;
    }

    private bool TryOffer(in T item)
    {
        var bytes = bytesOf?.Invoke(item) ?? 0;
        lock (_gate)
        {
            var waiting = Interlocked.Read(ref _bytes);
            var fits = waiting == 0 || waiting + bytes <= capacityBytes;
            if (_missed > 0 && fits && _channel.Writer.TryWrite(lagged(_missed)))
            {
                _missed = 0;
            }

            if (_missed > 0 || !fits)
            {
                _missed++;
                return false;
            }

            Interlocked.Add(ref _bytes, bytes);
            if (!_channel.Writer.TryWrite(item))
            {
                Interlocked.Add(ref _bytes, -bytes);
                _missed++;
                return false;
            }

            return true;
        }
    }

    /// <summary>Items were lost before they came here: the reader is told at this place in the order.</summary>
    public void Miss(long items = 1)
    {
        lock (_gate)
        {
            if (_missed > 0 || !_channel.Writer.TryWrite(lagged(items)))
            {
                _missed += items;
            }
        }

        _reader?.Set();
    }

    /// <summary>Ends the sequence after what is in it.</summary>
    /// <param name="failure">What it ends with; null for a normal end.</param>
    public void Complete(Exception? failure = null)
    {
        _channel.Writer.TryComplete(failure);
        _reader?.Set();
    }

    /// <summary>The next item, which stays where it is.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out T item) => _channel.Reader.TryPeek(out item);

    /// <summary>Takes the next item.</summary>
    public bool TryRead([MaybeNullWhen(false)] out T item)
    {
        if (!_channel.Reader.TryRead(out item))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, -(bytesOf?.Invoke(item) ?? 0));
        return true;
    }

    /// <summary>The items in order.</summary>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await _channel.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            while (TryRead(out var item))
            {
                yield return item;
            }

            // Nothing came after the loss that could have announced it.
            if (TakeMissed() is > 0 and var missed)
            {
                yield return lagged(missed);
            }
        }
    }

    /// <summary>
    /// Takes the number of items that were dropped after the last one that was read; 0 while any wait, since those came
    /// before.
    /// </summary>
    public long TakeMissed()
    {
        lock (_gate)
        {
            if (_missed == 0 || _channel.Reader.TryPeek(out _))
            {
                return 0;
            }

            var missed = _missed;
            _missed = 0;
            return missed;
        }
    }
}
