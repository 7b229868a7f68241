using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace Hearsay.AspNetCore.Requests;

/// <summary>
/// A name whose requests callers take and answer. It ends when nobody has asked for a request for as long as its lease.
/// </summary>
internal sealed class LeasedHandler : IDisposable
{
    /// <summary>Requests that wait to be taken; beyond that the asker is told that the node is busy.</summary>
    private const int MaximumWaiting = 64;

    /// <summary>How long it lives without a caller that waits for a request.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly Channel<WaitingRequest> _waiting = Channel.CreateBounded<WaitingRequest>(MaximumWaiting);
    private readonly ConcurrentDictionary<string, WaitingRequest> _taken = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly IDisposable _registration;
    private int _callers;
    private long _used;

    /// <summary>Answers requests of a name from now on.</summary>
    /// <exception cref="InvalidOperationException">The name has a handler already.</exception>
    public LeasedHandler(GossipNode node, string name, TimeProvider time)
    {
        (_time, _used) = (time, time.GetTimestamp());
        _registration = node.HandleRequests(name, HandleAsync);
    }

    /// <summary>Whether it is not used any more.</summary>
    public bool IsOver => Volatile.Read(ref _callers) == 0 && _time.GetElapsedTime(Volatile.Read(ref _used)) > Lease;

    /// <summary>Requests that wait to be taken.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>The next request, for a caller that answers it; null if none comes in time.</summary>
    public async Task<WaitingRequest?> NextAsync(TimeSpan patience, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _callers);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(patience);
            while (true)
            {
                var next = await _waiting.Reader.ReadAsync(limit.Token).ConfigureAwait(false);
                _taken[next.Key] = next;
                if (!next.IsOver)
                {
                    return next;
                }

                // It ended before it was kept, or while: then nobody else removes it.
                _taken.TryRemove(next.Key, out _);
            }
        }
        catch (Exception none) when (none is OperationCanceledException or ChannelClosedException)
        {
            return null;
        }
        finally
        {
            Volatile.Write(ref _used, _time.GetTimestamp());
            Interlocked.Decrement(ref _callers);
        }
    }

    /// <summary>A caller answers a request that it took.</summary>
    /// <returns>False if nobody waits for it any more.</returns>
    public bool TryAnswer(string key, ReadOnlyMemory<byte> payload) =>
        _taken.TryRemove(key, out var taken) && !taken.IsOver && taken.TryAnswer(payload);

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var waiting))
        {
            waiting.Refuse();
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> HandleAsync(PeerRequest request, CancellationToken cancellationToken)
    {
        var waiting = new WaitingRequest(request, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        if (!_waiting.Writer.TryWrite(waiting))
        {
            throw new RequestRefusedException();
        }

        try
        {
            return await waiting.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            waiting.IsOver = true;
            _taken.TryRemove(waiting.Key, out _);
        }
    }
}
