using System.Runtime.CompilerServices;

namespace Hearsay.Watching;

/// <summary>
/// What a subscription collects for its one reader: items in order. The reader is told out of band what it missed, at
/// the place of the loss.
/// </summary>
/// <param name="capacity">The most items that wait.</param>
/// <param name="withMissed">Notes in an item how many were missed just before it.</param>
/// <param name="onMissed">Told of each loss, by the thread that reads.</param>
/// <param name="bytesOf">How much an item holds; null where that does not count.</param>
/// <param name="capacityBytes">The most bytes that wait; one item alone may have more.</param>
internal sealed class SubscriptionQueue<T>(
    int capacity, Func<T, long, T> withMissed, Action<long>? onMissed, Func<T, int>? bytesOf = null,
    long capacityBytes = long.MaxValue)
{
    private readonly Watch<(T Item, long Missed)> _watch = new(
        capacity, static missed => (default!, missed),
        bytesOf is null ? null : entry => entry.Missed > 0 ? 0 : bytesOf(entry.Item), capacityBytes);

    private int _read;
    private long _missed;

    /// <summary>How many were missed before the next item. Only <see cref="TryRead"/> uses it.</summary>
    private long _before;

    /// <summary>How many items were missed since the subscription began. Any thread.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>How many items wait to be read. Any thread.</summary>
    public int Waiting => _watch.Waiting;

    /// <summary>Offers an item; only the event loop calls this.</summary>
    /// <returns>False if it was dropped.</returns>
    public bool Offer(in T item)
    {
        var isTaken = _watch.Offer((item, 0));
        if (!isTaken)
        {
            Interlocked.Increment(ref _missed);
        }

        return isTaken;
    }

    /// <summary>Items were lost before they came here: the reader is told at this place in the order.</summary>
    public void Miss(long items)
    {
        Interlocked.Add(ref _missed, items);
        _watch.Miss(items);
    }

    /// <summary>Ends the sequence after what is in it.</summary>
    /// <param name="failure">What it ends with; null for a normal end.</param>
    public void Complete(Exception? failure) => _watch.Complete(failure);

    /// <summary>Reads the items; once.</summary>
    /// <exception cref="InvalidOperationException">It is read already, or has been.</exception>
    public IAsyncEnumerator<T> Read(CancellationToken cancellationToken)
    {
        Claim();
        return ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Reads the items by <see cref="TryRead"/>, and by nothing else.</summary>
    /// <param name="reader">Gets a pulse whenever there may be something to read.</param>
    /// <exception cref="InvalidOperationException">It is read already, or has been.</exception>
    public void ReadBy(Pulse reader)
    {
        Claim();
        _watch.Tell(reader);
    }

    /// <summary>Whether the sequence has ended and all was read. Throws what it ended with.</summary>
    public bool HasEnded() => _watch.HasEnded();

    /// <summary>Takes the next item. A loss before it is told first.</summary>
    /// <param name="mayTell">Whether a loss may be told now; if not, nothing behind it is read.</param>
    /// <param name="item">The item.</param>
    public bool TryRead(bool mayTell, out T item)
    {
        while (_watch.TryPeek(out var next) && (next.Missed == 0 || mayTell) && _watch.TryRead(out next))
        {
            if (next.Missed == 0)
            {
                item = _before == 0 ? next.Item : withMissed(next.Item, _before);
                _before = 0;
                return true;
            }

            Tell(next.Missed);
        }

        if (mayTell && _watch.TakeMissed() is > 0 and var missed)
        {
            Tell(missed);
        }

        item = default!;
        return false;
    }

    /// <summary>Takes the next item, and tells of no loss.</summary>
    public bool TryDrop(out T item)
    {
        while (_watch.TryRead(out var next))
        {
            if (next.Missed == 0)
            {
                item = next.Item;
                return true;
            }
        }

        item = default!;
        return false;
    }

    private void Tell(long missed)
    {
        _before += missed;
        onMissed?.Invoke(missed);
    }

    private void Claim()
    {
        if (Interlocked.Exchange(ref _read, 1) != 0)
        {
            throw new InvalidOperationException(
                "A subscription can be read only once. Create another one for another reader.");
        }
    }

    private async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = 0L;
        await foreach (var (item, missed) in _watch.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (missed > 0)
            {
                before += missed;
                onMissed?.Invoke(missed);
                continue;
            }

            yield return before == 0 ? item : withMissed(item, before);
            before = 0;
        }
    }
}
