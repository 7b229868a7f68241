namespace Hearsay.Watching;

/// <summary>
/// Those who listen to a node: a bounded list that is replaced and never changed, so that the event loop reads it
/// without a lock. Any thread.
/// </summary>
/// <param name="most">The most at a time; each holds a bounded queue.</param>
/// <param name="what">What they are, for the error of one too many.</param>
internal sealed class SubscriberList<T>(int most, string what)
    where T : class
{
    private readonly Lock _gate = new();
    private T[] _all = [];

    /// <summary>Makes the error of one who comes when the node has stopped; null before.</summary>
    private Func<Exception>? _ended;

    /// <summary>Those who listen now.</summary>
    public ReadOnlySpan<T> All => Volatile.Read(ref _all);

    /// <summary>One more listens.</summary>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public void Add(T one)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                throw _ended();
            }

            if (_all.Length == most)
            {
                throw new InvalidOperationException(
                    $"A node has at most {most} {what}; dispose those not used any more.");
            }

            Volatile.Write(ref _all, [.. _all, one]);
        }
    }

    /// <summary>One does not listen any more.</summary>
    public void Remove(T one)
    {
        lock (_gate)
        {
            Volatile.Write(ref _all, [.. _all.Where(other => other != one)]);
        }
    }

    /// <summary>The node has stopped: nobody is added any more.</summary>
    /// <param name="ended">Makes the error of one who comes later.</param>
    /// <returns>Those who listened until then, to be told.</returns>
    public T[] Complete(Func<Exception> ended)
    {
        lock (_gate)
        {
            _ended = ended;
            return _all;
        }
    }
}
