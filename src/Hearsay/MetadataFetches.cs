using Hearsay.Loop;

namespace Hearsay;

/// <summary>
/// Metadata that was fetched from its owners, and the questions that wait for it: one question at a time for each peer, a
/// bounded cache of the answers.
/// </summary>
internal sealed class MetadataFetches
{
    /// <summary>Answers kept; the earliest is forgotten first. At most 256 bytes each.</summary>
    private const int MaximumCached = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, (ulong Incarnation, byte[] Metadata)> _cache = [];
    private readonly Queue<NodeId> _order = new();
    private readonly Dictionary<NodeId, TaskCompletionSource<byte[]?>> _waiting = [];
    private bool _stopped;

    /// <summary>From the cache if it has this incarnation, else from the owner.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(Peer peer, NodeLoop loop, CancellationToken cancellation)
    {
        TaskCompletionSource<byte[]?>? waiting;
        var asks = false;
        lock (_gate)
        {
            if (_cache.TryGetValue(peer.Id, out var cached) && cached.Incarnation >= peer.Incarnation)
            {
                return cached.Metadata;
            }

            if (_stopped)
            {
                return null;
            }

            if (!_waiting.TryGetValue(peer.Id, out waiting))
            {
                waiting = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add(peer.Id, waiting);
                asks = true;
            }
        }

        if (asks && !loop.Post((core, now) => core.FetchMetadata(now, peer)))
        {
            Complete(peer.Id, 0, null);
        }

        var metadata = await waiting.Task.WaitAsync(cancellation).ConfigureAwait(false);
        return metadata is null ? null : new ReadOnlyMemory<byte>(metadata);
    }

    /// <summary>An answer came, or none will.</summary>
    public void Complete(NodeId id, ulong incarnation, byte[]? metadata)
    {
        TaskCompletionSource<byte[]?>? waiting;
        lock (_gate)
        {
            if (metadata is not null)
            {
                Remember(id, incarnation, metadata);
            }

            _waiting.Remove(id, out waiting);
        }

        waiting?.TrySetResult(metadata);
    }

    /// <summary>The node stopped: nobody waits any longer.</summary>
    public void Stop()
    {
        TaskCompletionSource<byte[]?>[] waiting;
        lock (_gate)
        {
            _stopped = true;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        Array.ForEach(waiting, static source => source.TrySetResult(null));
    }

    private void Remember(NodeId id, ulong incarnation, byte[] metadata)
    {
        if (_cache.TryAdd(id, (incarnation, metadata)))
        {
            _order.Enqueue(id);
        }
        else
        {
            _cache[id] = (incarnation, metadata);
        }

        if (_order.Count > MaximumCached)
        {
            _cache.Remove(_order.Dequeue());
        }
    }
}
