using System.Diagnostics.CodeAnalysis;
using Hearsay.Features.Contract;
using Hearsay.Diagnostics;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Rumors;
using Hearsay.Watching;

namespace Hearsay.Features.Rumors;

/// <summary>Between the rumor protocol of a node and the application.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without wait handles and timers they hold nothing to dispose.")]
internal sealed class RumorService(
    TimeProvider time, RumorOptions options, RumorProtocol protocol, int largestPayloadBytes)
{
    /// <summary>The most rumors that a subscription can hold.</summary>
    public const int LargestCapacity = 1 << 20;

    /// <summary>Subscriptions at a time; each holds a bounded queue.</summary>
    private const int MaximumSubscriptions = 64;

    /// <summary>How many cycles a rumor is told here before the node leaves: a contact may be lost.</summary>
    private const int CyclesBeforeLeaving = 3;

    /// <summary>Rumors begin one after the other, so that of all that wait for a cycle one asks.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Cancelled when the node has stopped.</summary>
    private readonly CancellationTokenSource _stopping = new();
    private readonly SubscriberList<RumorSubscription> _subscriptions =
        new(MaximumSubscriptions, "subscriptions to rumors");
    private NodeLoop _loop = null!;
    private NodeLog? _log;
    private volatile bool _completed;
    private volatile bool _leaving;
    private long _missed;

    /// <summary>When a rumor last began here, by the clock of the machine; 0 before.</summary>
    private long _lastBegun;

    /// <summary>What the protocol counted.</summary>
    public RumorCounters Counters => protocol.Counters;

    /// <summary>Rumors that subscribers were told they missed.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Ties this to the loop it serves; once, before the loop starts.</summary>
    public void Attach(FeatureHost host) => (_loop, _log) = (host.Loop, host.Log);

    /// <summary>Warns once of what a subscription misses whose owner does not want to be told.</summary>
    public Action<long> WarnOnce() => NodeLog.MissedOnce(() => _log, "rumors");

    /// <summary>Begins a rumor; waits while the node has no room for it.</summary>
    public async Task<RumorId> SpreadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        ThrowIfCompleted();
        if (payload.Length > largestPayloadBytes)
        {
            throw new ArgumentException(
                $"A rumor has at most {largestPayloadBytes} bytes, not {payload.Length}.", nameof(payload));
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
        try
        {
            await _turn.WaitAsync(ended.Token).ConfigureAwait(false);
            try
            {
                return await BeginAsync(payload, ended.Token).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw _loop.Ending.ToException();
        }
    }

    /// <summary>Listens to the rumors that are heard from now on.</summary>
    public RumorSubscription Subscribe(int capacity, Action<long>? onMissed)
    {
        var subscription = new RumorSubscription(this, capacity, onMissed);
        _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>A subscription has ended.</summary>
    public void Remove(RumorSubscription subscription) => _subscriptions.Remove(subscription);

    /// <summary>The protocol has heard a rumor. Called by the event loop.</summary>
    public void Deliver(RumorHeard heard)
    {
        var rumor = new Rumor { Id = heard.Id, AgeCycles = heard.AgeCycles, Payload = heard.Payload };
        foreach (var subscription in _subscriptions.All)
        {
            if (!subscription.Offer(rumor))
            {
                Interlocked.Increment(ref _missed);
            }
        }
    }

    /// <summary>
    /// The node leaves: what has just begun here is told for some cycles first. What becomes of a rumor nobody knows,
    /// so there is nothing to report.
    /// </summary>
    /// <param name="limit">The most time for it.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public async Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        _leaving = true;
        var begun = Volatile.Read(ref _lastBegun);
        if (begun != 0 && _loop.Core.View.Count > 0)
        {
            var left = (CyclesBeforeLeaving * options.CycleTime) - TimeProvider.System.GetElapsedTime(begun);
            left = left < limit ? left : limit;
            left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            await Task.Delay(left, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return LeaveResult.Nothing;
    }

    /// <summary>The node has stopped.</summary>
    /// <param name="failure">Why, if it did so by itself.</param>
    public void Complete(Exception? failure)
    {
        _completed = true;
        Array.ForEach(
            _subscriptions.Complete(() => _loop.Ending.ToException()), subscription => subscription.Complete(failure));
        _stopping.Cancel();
    }

    /// <summary>It is this caller's turn: asks once a cycle until there is room.</summary>
    private async Task<RumorId> BeginAsync(ReadOnlyMemory<byte> text, CancellationToken ended)
    {
        while (true)
        {
            if (_leaving && !_completed)
            {
                throw StoppedNode.Leaving();
            }

            if (await TryBeginAsync(text).ConfigureAwait(false) is { } id)
            {
                Volatile.Write(ref _lastBegun, TimeProvider.System.GetTimestamp());
                return id;
            }

            await Task.Delay(options.CycleTime, time, ended).ConfigureAwait(false);
        }
    }

    /// <summary>Begins a rumor if there is room in this cycle.</summary>
    private async Task<RumorId?> TryBeginAsync(ReadOnlyMemory<byte> text)
    {
        var (isAnswered, id) = (false, default(RumorId?));
        var command = new SpreadCommand(text, begun => (isAnswered, id) = (true, begun));
        await _loop.PostAsync((core, now) => core.Post(now, protocol.Id, command)).ConfigureAwait(false);
        return isAnswered ? id : throw _loop.Ending.ToException(); // The protocol had been stopped by then.
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw _loop.Ending.ToException();
        }
    }
}
