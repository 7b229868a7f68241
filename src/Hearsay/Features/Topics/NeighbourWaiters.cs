using Hearsay.Protocols;
using Hearsay.Protocols.Neighbours;
using Hearsay.Watching;

namespace Hearsay.Features.Topics;

/// <summary>Those who wait until the node has enough neighbours to send messages to.</summary>
internal sealed class NeighbourWaiters : INeighbourObserver
{
    private readonly NeighboursProtocol _neighbours;
    private readonly CountWaiters _waiters;

    /// <param name="neighbours">The neighbours of a node that has not started.</param>
    public NeighbourWaiters(NeighboursProtocol neighbours)
    {
        (_neighbours, _waiters) = (neighbours, new CountWaiters(() => neighbours.Count));
        neighbours.Watch(this);
    }

    /// <summary>How many neighbours there are. Any thread.</summary>
    public int Count => _neighbours.Count;

    /// <summary>The most there can be.</summary>
    public int Most => _neighbours.Capacity;

    /// <summary>See <see cref="CountWaiters.WaitAsync"/>.</summary>
    public Task WaitAsync(int count, CancellationToken cancellation) => _waiters.WaitAsync(count, cancellation);

    /// <summary>See <see cref="CountWaiters.Complete"/>.</summary>
    public void Complete(Func<Exception> ended) => _waiters.Complete(ended);

    /// <inheritdoc/>
    public void OnNeighbourUp(int slot) => _waiters.Release();

    /// <inheritdoc/>
    public void OnNeighbourDown(int slot, in Peer was)
    {
    }
}
