using Hearsay.Features.Rumors;
using Hearsay.Watching;

namespace Hearsay;

/// <summary>
/// One reader of the rumors that a node hears. It collects rumors from the moment it is created, even if nothing reads
/// it. Rumors that do not fit its queue are dropped. The reader is told of every loss at its place in the sequence: the
/// next rumor says how many were missed before it.
/// </summary>
/// <remarks>
/// Read it once, from one thread at a time. When the node stops, the sequence ends. If the node stopped because another
/// node has its id, the sequence fails with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class RumorSubscription : IAsyncEnumerable<Rumor>, IAsyncDisposable
{
    private readonly RumorService _service;
    private readonly SubscriptionQueue<Rumor> _queue;

    internal RumorSubscription(RumorService service, int capacity, Action<long>? onMissed)
    {
        _service = service;
        _queue = new SubscriptionQueue<Rumor>(
            capacity, static (rumor, missed) => rumor with { MissedBefore = missed }, onMissed ?? service.WarnOnce());
    }

    /// <summary>
    /// The number of rumors that this subscription has missed so far. It includes losses that the reader has not
    /// reached yet.
    /// </summary>
    public long Missed => _queue.Missed;

    /// <summary>Reads the rumors.</summary>
    /// <param name="cancellationToken">Ends the sequence with an exception.</param>
    /// <exception cref="InvalidOperationException">The subscription is being read, or was.</exception>
    public IAsyncEnumerator<Rumor> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _queue.Read(cancellationToken);

    /// <summary>Stops receiving rumors.</summary>
    public ValueTask DisposeAsync()
    {
        _service.Remove(this);
        Complete(null);
        return ValueTask.CompletedTask;
    }

    /// <summary>Called by the event loop.</summary>
    /// <returns>False if the rumor was dropped.</returns>
    internal bool Offer(in Rumor rumor) => _queue.Offer(rumor);

    /// <summary>Nothing comes any more.</summary>
    /// <param name="failure">What reading ends with; null for a normal end.</param>
    internal void Complete(Exception? failure) => _queue.Complete(failure);
}
