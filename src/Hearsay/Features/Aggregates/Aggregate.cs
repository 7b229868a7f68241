using Hearsay.Features.Aggregates;
using Hearsay.Loop;

namespace Hearsay;

/// <summary>
/// An aggregate that this node takes part in. Every node of the network converges to the same estimate, epoch by epoch.
/// </summary>
/// <remarks>Safe on any thread. Dispose it when this node no longer needs it.</remarks>
public sealed class Aggregate : IDisposable
{
    private readonly AggregateService _service;
    private readonly AggregateFeed _feed;
    private int _disposed;

    internal Aggregate(AggregateService service, AggregateFeed feed) => (_service, _feed) = (service, feed);

    /// <summary>The definition of the aggregate.</summary>
    public AggregateDefinition Definition => _feed.Definition;

    /// <summary>
    /// The current estimate. It belongs to the epoch under way, so it starts anew with each epoch. It becomes ready
    /// after this node has made a few exchanges. If the node joined too late for the epoch, the estimate becomes ready
    /// when the node has asked others for theirs.
    /// </summary>
    public AggregateEstimate Latest => _feed.Latest;

    /// <summary>
    /// The estimate of the last whole epoch in which this node took part. It is not ready before the first such epoch
    /// ends.
    /// </summary>
    public AggregateEstimate Final => _feed.Final;

    /// <summary>
    /// Returns the estimate of the last whole epoch, or waits for the next one if there is none. The wait can take two
    /// epochs. If no node has a value, it never ends, so set a limit. <see cref="GetWithinAsync"/> does not wait for a
    /// whole epoch.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The node stopped, or this was disposed.</exception>
    public Task<AggregateEstimate> GetAsync(CancellationToken cancellationToken = default) =>
        FirstAsync(WatchAsync(cancellationToken), static _ => true);

    /// <summary>
    /// Returns an estimate that is good enough: that of the last whole epoch if there is one. Otherwise it is the first
    /// estimate of the epoch under way whose error has been small, and whose value has hardly changed, for five cycles.
    /// </summary>
    /// <param name="share">
    /// The largest accepted <see cref="AggregateEstimate.Error"/> as a share of the value: 0.05 is 5 %. Above 0.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait. Nodes may never agree that closely, so set a limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The node stopped, or this was disposed.</exception>
    public Task<AggregateEstimate> GetWithinAsync(double share, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfNotEqual(double.IsNaN(share), false, nameof(share));
        ThrowIfDisposed();
        var settled = new SettledEstimate(share);
        return FirstAsync(
            _feed.ReadAsync(fromFinal: true, onlyFinal: false, cancellationToken), estimate => settled.Take(estimate));
    }

    /// <summary>
    /// Returns the estimate of every whole epoch, beginning with the last one if there is one. If the reader is too
    /// slow, it misses the oldest estimates. Epoch numbers rise by one with each epoch. They fall when the node joins a
    /// cluster that is younger than its own. <see cref="AggregateEstimate.Epoch"/> shows both.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the sequence with an exception. When the node stops, the sequence ends normally.
    /// </param>
    /// <exception cref="InvalidOperationException">The aggregate has 64 readers already.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped, or this was disposed.</exception>
    public IAsyncEnumerable<AggregateEstimate> WatchAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _feed.ReadAsync(fromFinal: true, onlyFinal: true, cancellationToken);
    }

    /// <summary>
    /// Returns every estimate from now on, including those of epochs under way: about one per cycle. If the reader is
    /// too slow, it misses the oldest estimates.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the sequence with an exception. When the node stops, the sequence ends normally.
    /// </param>
    /// <exception cref="InvalidOperationException">The aggregate has 64 readers already.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped, or this was disposed.</exception>
    public IAsyncEnumerable<AggregateEstimate> WatchCyclesAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _feed.ReadAsync(fromFinal: false, onlyFinal: false, cancellationToken);
    }

    private static async Task<AggregateEstimate> FirstAsync(
        IAsyncEnumerable<AggregateEstimate> estimates, Func<AggregateEstimate, bool> isWanted)
    {
        await foreach (var estimate in estimates.ConfigureAwait(false))
        {
            if (isWanted(estimate))
            {
                return estimate;
            }
        }

        throw StoppedNode.Exception();
    }

    /// <summary>
    /// Ends this node's part in the aggregate: the node gives no more values and no longer asks for the result. When no
    /// node takes part any more, the aggregate is forgotten.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _service.Release(_feed);
        }
    }

    private void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        _service.ThrowIfCompleted();
    }
}
