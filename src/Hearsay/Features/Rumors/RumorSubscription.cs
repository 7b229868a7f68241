using Hearsay.Features.Rumors;
using Hearsay.Watching;

namespace Hearsay;

/// <summary>
/// One reader of the rumors that a node hears. It collects rumors from the moment it is created, even if nothing reads
/// it. Rumors that do not fit its queue are dropped, and the reader gets a notice.
/// </summary>
/// <remarks>
/// Read it once, from one thread at a time. When the node stops, the sequence ends. If the node stopped because another
/// node has its id, the sequence fails with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class RumorSubscription : IAsyncEnumerable<Rumor>, IAsyncDisposable
{
    private readonly RumorService _service;
    private readonly Watch<Rumor> _watch;
    private int _read;

    internal RumorSubscription(RumorService service, int capacity)
    {
        _service = service;
        _watch = new Watch<Rumor>(capacity, static missed => new Rumor { Missed = missed });
    }

    /// <inheritdoc/>
    public IAsyncEnumerator<Rumor> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _read, 1) == 0
            ? _watch.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken)
            : throw new InvalidOperationException("A subscription can be read only once. Create another one for "
                + "another reader.");

    /// <summary>Stops receiving rumors.</summary>
    public ValueTask DisposeAsync()
    {
        _service.Remove(this);
        Complete(null);
        return ValueTask.CompletedTask;
    }

    /// <summary>Called by the event loop.</summary>
    /// <returns>False if the rumor was dropped.</returns>
    internal bool Offer(in Rumor rumor) => _watch.Offer(rumor);

    /// <summary>Nothing comes any more.</summary>
    /// <param name="failure">What reading ends with; null for a normal end.</param>
    internal void Complete(Exception? failure) => _watch.Complete(failure);
}
