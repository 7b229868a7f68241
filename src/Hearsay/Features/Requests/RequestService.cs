using System.Collections.Concurrent;
using System.Collections.Frozen;
using Hearsay.Diagnostics;
using Hearsay.Loop;
using Hearsay.Protocols.Requests;
using Hearsay.Settings;

namespace Hearsay.Features.Requests;

/// <summary>Between the request protocol and the application: who asks waits here, and handlers run.</summary>
internal sealed class RequestService(GossipNodeOptions node, RequestOptions options) : IRequestSink
{
    /// <summary>Names that have a handler.</summary>
    private const int MaximumHandlers = 256;

    /// <summary>How long to wait before the loop is told again, if its queue had no room.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Guards the handlers, which are replaced and never changed, and those that wait.</summary>
    private readonly Lock _gate = new();
    private readonly HashSet<PendingRequest> _pending = [];
    private readonly ConcurrentDictionary<RequestKey, RunningRequest> _running = new();
    private FrozenDictionary<string, HandlerRegistration> _handlers =
        FrozenDictionary<string, HandlerRegistration>.Empty;
    private NodeLoop _loop = null!;
    private NodeLog _log = null!;
    private volatile bool _completed;
    private volatile bool _leaving;
    private int _innerHandlers;
    private long _handlerFaults;

    /// <summary>Handlers that threw.</summary>
    public long HandlerFaults => Interlocked.Read(ref _handlerFaults);

    /// <summary>Ties this to the node it serves; once, before the loop starts.</summary>
    public void Attach(NodeLoop loop, NodeLog log) => (_loop, _log) = (loop, log);

    /// <summary>The node that it serves.</summary>
    public NodeId Self => _loop.Core.Self.Id;

    /// <summary>Asks a peer.</summary>
    public Task<PeerResponse> AskAsync(
        Peer peer, string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => NodeTracing.IsOn
            ? AskTracedAsync(peer, name, payload, cancellationToken)
            : AskAsync(peer, name, payload, default(ReadOnlyMemory<byte>), cancellationToken);

    private async Task<PeerResponse> AskTracedAsync(
        Peer peer, string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        using var activity = NodeTracing.Ask(name, peer, Self);
        try
        {
            return await AskAsync(peer, name, payload, NodeTracing.ContextOf(activity), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception error) when (activity is not null)
        {
            NodeTracing.Failed(activity, error);
            throw;
        }
    }

    private async Task<PeerResponse> AskAsync(
        Peer peer, string name, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> trace,
        CancellationToken cancellationToken)
    {
        var nameBytes = CheckedName(name);
        Check(peer, payload);
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingRequest(this, peer, name, nameBytes, payload, options.Timeout)
        {
            Trace = trace,
        };
        lock (_gate)
        {
            ThrowIfCompleted();
            _pending.Add(pending);
        }

        if (!_loop.PostHere((core, now) => core.Post(now, RequestMessage.Protocol, pending)))
        {
            Remove(pending);
            ThrowIfCompleted();
            throw new RequestException(RequestFailure.TooMany, "Too many commands wait for the node.");
        }

        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingRequest)state!).CancelAt(token), pending);
        return await pending.Task.ConfigureAwait(false);
    }

    /// <summary>Answers requests of a name.</summary>
    public HandlerRegistration Handle(string name, RequestHandler handler) => Handle(name, handler, isInner: false);

    /// <summary>Answers requests of a name for another feature. It does not count among the application's.</summary>
    public HandlerRegistration HandleInner(string name, RequestHandler handler) => Handle(name, handler, isInner: true);

    private HandlerRegistration Handle(string name, RequestHandler handler, bool isInner)
    {
        ArgumentNullException.ThrowIfNull(handler);
        CheckedName(name);
        var registration = new HandlerRegistration(this, name, handler);
        lock (_gate)
        {
            ThrowIfCompleted();
            if (_handlers.ContainsKey(name))
            {
                throw new InvalidOperationException($"This node handles '{name}' already.");
            }

            _innerHandlers += isInner ? 1 : 0;
            if (_handlers.Count >= MaximumHandlers + _innerHandlers)
            {
                throw new InvalidOperationException(
                    $"A node has at most {MaximumHandlers} handlers; dispose those not used any more.");
            }

            _handlers = _handlers.Append(new(name, registration)).ToFrozenDictionary(StringComparer.Ordinal);
        }

        return registration;
    }

    /// <summary>A handler is not wanted any more.</summary>
    public void Remove(HandlerRegistration registration)
    {
        lock (_gate)
        {
            _handlers = _handlers.Where(one => one.Value != registration)
                .ToFrozenDictionary(StringComparer.Ordinal);
        }
    }

    /// <summary>A request has ended.</summary>
    public void Remove(PendingRequest pending)
    {
        lock (_gate)
        {
            _pending.Remove(pending);
        }
    }

    /// <summary>The application does not wait any more: the peer is told, if the loop takes it.</summary>
    public void Cancelled(PendingRequest pending)
    {
        Remove(pending);
        _loop.Post((core, now) => core.Post(now, RequestMessage.Protocol, new CancelCommand(pending)));
    }

    /// <inheritdoc/>
    public bool TryTake(in RequestArrival arrival, out RequestStatus refusal)
    {
        refusal = _leaving ? RequestStatus.Busy : RequestStatus.NoHandler;
        if (_leaving || !Volatile.Read(ref _handlers).TryGetValue(arrival.Name, out var handler))
        {
            return false;
        }

        var running = new RunningRequest(this, arrival, handler);
        _running[arrival.Key] = running;
        ThreadPool.UnsafeQueueUserWorkItem(running, preferLocal: false);
        return true;
    }

    /// <inheritdoc/>
    public void Cancel(in RequestKey key)
    {
        if (_running.TryGetValue(key, out var running))
        {
            running.Cancel();
        }
    }

    /// <summary>A handler has returned. The loop is told until it takes it, or the node has stopped.</summary>
    public async Task AnswerAsync(RunningRequest running, AnswerCommand answer)
    {
        while (!_loop.PostHere((core, now) => core.Post(now, RequestMessage.Protocol, answer)) && !_completed)
        {
            await Task.Delay(RetryPause, node.Time).ConfigureAwait(false);
        }

        _running.TryRemove(running.Key, out _);
    }

    /// <summary>A handler threw.</summary>
    public void HandlerFailed(HandlerRegistration handler, Exception error)
    {
        Interlocked.Increment(ref _handlerFaults);
        if (handler.IsFirstFailure)
        {
            _log.RequestHandlerFailed(handler.Name, error);
        }
    }

    /// <summary>
    /// The node leaves: handlers that run may answer first, but for one that has told the node to leave and waits for
    /// that itself.
    /// </summary>
    public async Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        _leaving = true;
        var (start, asker) = (TimeProvider.System.GetTimestamp(), RunningRequest.Current);
        while (_running.Any(running => running.Value != asker) && !cancellationToken.IsCancellationRequested
            && TimeProvider.System.GetElapsedTime(start) < limit)
        {
            await Task.Delay(RetryPause, CancellationToken.None).ConfigureAwait(false);
        }

        return LeaveResult.Nothing;
    }

    /// <summary>The node has stopped.</summary>
    public void Complete()
    {
        PendingRequest[] pending;
        lock (_gate)
        {
            _completed = true;
            pending = [.. _pending];
            _pending.Clear();
        }

        Array.ForEach(pending, one => one.Fail(_loop.Ending.ToException()));
        foreach (var running in _running.Values)
        {
            running.Cancel();
        }
    }

    private void Check(in Peer peer, ReadOnlyMemory<byte> payload)
    {
        if (peer.Id == default || peer.Id == _loop.Core.Self.Id)
        {
            throw new ArgumentException("A node asks another node, not itself.", nameof(peer));
        }

        if (payload.Length > RequestOptions.LargestPayloadBytes)
        {
            throw new ArgumentException(
                $"A request has at most {RequestOptions.LargestPayloadBytes} bytes, not {payload.Length}.",
                nameof(payload));
        }
    }

    private static byte[] CheckedName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var bytes = StrictUtf8.GetBytes(name, nameof(name));
        return bytes.Length is > 0 and <= RequestMessage.MostNameBytes
            ? bytes
            : throw new ArgumentException(
                $"A name has 1 to {RequestMessage.MostNameBytes} bytes in UTF-8, not {bytes.Length}.", nameof(name));
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw _loop.Ending.ToException();
        }
    }
}
