using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Hearsay.Diagnostics;
using Hearsay.Features.Contract;
using Hearsay.Features.Maps.Storage;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Features.Maps;

/// <summary>Between the protocol of maps of a node and the application.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without wait handles and timers they hold nothing to dispose.")]
internal sealed class MapService(TimeProvider time, MapOptions options, IMapStorage? storage) : IMapStores
{
    /// <summary>Watchers of a map at a time; each holds a bounded queue.</summary>
    private const int MaximumWatchers = 64;

    /// <summary>How often a node that leaves looks whether anybody is left.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long nobody was in the view of a node that leaves before it gives up. On a busy machine a view is empty for
    /// a moment, while its peers are there.
    /// </summary>
    private static readonly TimeSpan s_alone = TimeSpan.FromSeconds(5);

    /// <summary>How long a node that leaves waits for its own loop.</summary>
    private static readonly TimeSpan s_handOverMargin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_longestLife = TimeSpan.FromDays(36_525);

    private static readonly MapWrite s_nothing = new(false, []);
    private static readonly Task<MapWrite> s_nothingDone = Task.FromResult(s_nothing);
    private static readonly MapWrite s_written = new(true, []);
    private static readonly Task<MapWrite> s_writtenDone = Task.FromResult(s_written);

    private readonly ConcurrentDictionary<string, PublishedStore> _stores = new(StringComparer.Ordinal);

    /// <summary>Cancelled when the node has stopped.</summary>
    private readonly CancellationTokenSource _stopping = new();
    private NodeLoop _loop = null!;
    private AntiEntropyProtocol _protocol = null!;
    private MapJournal? _journal;
    private NodeLog? _log;
    private volatile bool _completed;
    private volatile bool _leaving;

    /// <summary>Set inside the loop: what is written from now on would be handed over to nobody.</summary>
    private bool _handsOver;

    /// <summary>Changes that watchers were told they missed.</summary>
    public long Missed => _stores.Values.Sum(static store => store.Missed);

    /// <summary>The bytes of keys and values of all maps.</summary>
    public long Bytes => _stores.Values.Sum(static store => store.Bytes);

    /// <summary>Ties this to what it serves; once, before the loop starts.</summary>
    /// <exception cref="IOException">The store cannot be used.</exception>
    public void Attach(NodeLoop loop, AntiEntropyProtocol protocol, NodeLog log)
    {
        (_loop, _protocol, _log) = (loop, protocol, log);
        if (storage is not null)
        {
            _journal = new MapJournal(storage.Open(), TellSynced, log.MapStore);
            protocol.OpenStored(loop.Core.Self.Id);
        }
    }

    /// <inheritdoc/>
    IReadOnlyList<string> IMapStores.Stored => _journal?.Stored ?? [];

    /// <summary>The time of day, by which rows expire. Any thread.</summary>
    public long UtcMilliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>When something expires that lives for a time from now on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public long Expiry(TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeToLive, s_longestLife);
        return UtcMilliseconds + (long)timeToLive.TotalMilliseconds;
    }

    /// <summary>Whether the node holds a map of that name.</summary>
    public bool Holds(string name) => _stores.ContainsKey(name);

    /// <summary>A map, which the node holds from now on.</summary>
    public GossipMap Map(string name)
    {
        ThrowIfCompleted();
        MapKeys.CheckName(name);
        if (!_stores.TryGetValue(name, out var store))
        {
            if (_stores.Count >= options.MaximumMaps)
            {
                throw new InvalidOperationException($"The node holds {options.MaximumMaps} maps already.");
            }

            // A map that the loop did not take is asked for again by the next call, so it is not listed before.
            if (!_loop.Post((core, now) => core.Post(now, _protocol.Id, new MapOpenCommand(name))))
            {
                throw _loop.Refusal();
            }

            store = StoreOf(name);
        }

        return new GossipMap(this, name, store);
    }

    /// <inheritdoc/>
    IReplicaStore IMapStores.Open(string name) => StoreOf(name);

    /// <inheritdoc/>
    void IMapStores.OnClock(TimeSpan ahead, bool isOff) => _log?.MapClock(ahead, isOff);

    /// <inheritdoc/>
    void IMapStores.OnStoredOpened() => _journal?.Start();

    /// <inheritdoc/>
    ulong IEpochSource.Next()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }

    /// <summary>Changes a map, as one event.</summary>
    public Task<MapWrite> WriteAsync(
        string name, PublishedStore store, IReadOnlyList<MapChange> changes, WriteConcern concern,
        CancellationToken cancellation)
    {
        if (_completed || _leaving)
        {
            return Task.FromException<MapWrite>(_completed ? _loop.Ending.ToException() : StoppedNode.Leaving());
        }

        if (changes.Count == 0)
        {
            return s_nothingDone;
        }

        // What waits for other nodes goes along: a command of its own might be refused after the write.
        var (confirm, have) = ConfirmOf(concern);
        var write = LocalWrite.Of(this, store, name, changes, (ulong)Math.Max(0, UtcMilliseconds), confirm);
        if (!_loop.PostHere(write.Run))
        {
            return Task.FromException<MapWrite>(_loop.Refusal());
        }

        if (write is { HasEnded: true, Outcome: WriteOutcome.Committed } && have is null)
        {
            write.Release();
            return s_writtenDone;
        }

        return FinishAsync(write, have, concern, cancellation);
    }

    /// <summary>Carries out a write. Inside the loop, as a rule on the caller's thread.</summary>
    /// <exception cref="InvalidOperationException">The map is full, or a counter.</exception>
    /// <exception cref="ObjectDisposedException">The node leaves.</exception>
    public void Write(NodeCore core, Instant now, PublishedStore store, MapWriteCommand write)
    {
        if (_handsOver)
        {
            throw StoppedNode.Leaving(); // Its caller looked before.
        }

        if (MapLimits.WhyRefused(options, store, write.Changes) is { } refused)
        {
            throw refused;
        }

        if (!core.Post(now, _protocol.Id, write))
        {
            throw _loop.Ending.ToException();
        }
    }

    /// <summary>Watches a map.</summary>
    public MapState Watch(PublishedStore store, MapSubscription subscription)
    {
        ThrowIfCompleted();
        if (store.WatcherCount >= MaximumWatchers)
        {
            throw new InvalidOperationException(
                $"A map has at most {MaximumWatchers} watchers on a node; end those not used any more.");
        }

        var state = store.Watch(subscription);
        if (_completed)
        {
            subscription.Complete(_loop.Ending.Failure);
        }

        return state;
    }

    /// <summary>What the node has of a map.</summary>
    public async Task<MapStatus> ReadStatusAsync(string name, PublishedStore store)
    {
        ThrowIfCompleted();
        var status = new MapStatus(0, 0, 0, "", "", true, false);
        await _loop.PostAsync((_, _) =>
        {
            if (_protocol.Maps.TryGetValue(name, out var map))
            {
                var beat = map.Told ?? map.Heartbeat;
                status = new MapStatus(
                    store.KeyCount, (int)beat.Rows, store.Bytes,
                    beat.Root.ToString("x32", CultureInfo.InvariantCulture),
                    beat.ContextHash.ToString("x32", CultureInfo.InvariantCulture), beat.IsTrusted, map.IsCompared);
            }
        }).ConfigureAwait(false);
        return status;
    }

    /// <summary>The node leaves: another node has everything that was written here first.</summary>
    /// <param name="limit">The most time for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        _leaving = true;
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new MapHandOverCommand(limit, isElsewhere => done.TrySetResult(isElsewhere));
        try
        {
            // By the clock of the machine: a node whose handler hangs, or whose own clock stands, stops all the same.
            await PostAsync(command).WaitAsync(s_handOverMargin, cancellationToken).ConfigureAwait(false);
            var waited = Stopwatch.StartNew();
            var metAt = _protocol.Counters.BytesReceived > 0 ? TimeSpan.Zero : -s_alone;
            while (!done.Task.IsCompleted && waited.Elapsed < limit + s_handOverMargin)
            {
                metAt = _loop.Core.View.Count > 0 ? waited.Elapsed : metAt;
                if (waited.Elapsed - metAt >= s_alone)
                {
                    break; // There is nobody, or all others have left, too.
                }

                await Task.WhenAny(done.Task, Task.Delay(s_look, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }

            return new LeaveResult { IsKnown = done.Task.IsCompletedSuccessfully && done.Task.Result };
        }
        catch (Exception error) when (error
            is TimeoutException or OperationCanceledException or HearsayException or ObjectDisposedException)
        {
            return new LeaveResult();
        }
    }

    /// <summary>The node has stopped.</summary>
    /// <param name="failure">Why, if it did so by itself.</param>
    public void Complete(Exception? failure)
    {
        _completed = true;
        foreach (var store in _stores.Values)
        {
            store.Complete(failure);
        }

        // What is on its way to the disk gets there, but nobody is told any more.
        _journal?.Dispose();
        _stopping.Cancel();
    }

    /// <summary>Fails when the node has stopped.</summary>
    public void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw _loop.Ending.ToException();
        }
    }

    /// <summary>Posts a command that must not be refused: nobody writes any more, so there will be a place.</summary>
    private async Task PostAsync(object command)
    {
        for (var tries = s_handOverMargin / s_look; ; tries--)
        {
            try
            {
                await _loop.PostAsync((core, now) => _handsOver = core.Post(now, _protocol.Id, command))
                    .ConfigureAwait(false);
                return;
            }
            catch (HearsayException) when (tries > 0)
            {
                await Task.Delay(s_look).ConfigureAwait(false);
            }
        }
    }

    private PublishedStore StoreOf(string name) => _stores.GetOrAdd(
        name, one => new PublishedStore(_journal is null ? null : new JournalPart(_journal, one)));

    /// <summary>There is news of a map's store. On the journal's thread.</summary>
    private bool TellSynced(string name)
    {
        var store = StoreOf(name);
        if (_completed || !store.TryTell())
        {
            return true; // What is on its way tells of this, too.
        }

        var isPosted = _loop.Post((core, now) =>
        {
            store.Told();
            core.Post(now, _protocol.Id, new MapSyncedCommand(name));
        });
        if (!isPosted)
        {
            store.Told();
        }

        return isPosted;
    }

    private async Task<MapWrite> FinishAsync(
        LocalWrite write, Task<IReadOnlyList<NodeId>>? have, WriteConcern concern, CancellationToken cancellation)
    {
        if (!write.HasEnded)
        {
            await UntilStoppedAsync(write.WaitAsync()).ConfigureAwait(false);
        }

        var (outcome, changes) = (write.Outcome, write.Count);
        write.Release();
        return outcome switch
        {
            WriteOutcome.Committed => await ConfirmAsync(have, concern, cancellation).ConfigureAwait(false),
            WriteOutcome.Nothing => s_nothing,
            WriteOutcome.Busy => throw HearsayException.Busy(),
            WriteOutcome.Refused when changes > 1 => throw new ArgumentException(
                "Two changes of the batch touch the same key, or the node has too many maps."),
            WriteOutcome.Refused => throw new InvalidOperationException(
                $"The node holds {options.MaximumMaps} maps already, or the map has no room for one more writer."),
            WriteOutcome.CounterFull => throw new CounterRangeException(
                "This node has added to the counter, or subtracted from it, as much as 64 bits hold since it started."),
            _ => throw new IOException(
                "The store of the map did not take the write: its disk may be full. The node's log has the reason."),
        };
    }

    private async Task UntilStoppedAsync(Task task)
    {
        try
        {
            await task.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw _loop.Ending.ToException();
        }
    }

    /// <summary>What waits for other nodes, and what it waits with; neither if a write is to be here only.</summary>
    private static (MapConfirm? Confirm, Task<IReadOnlyList<NodeId>>? Have) ConfirmOf(WriteConcern concern)
    {
        if (concern.OtherNodes == 0)
        {
            return default;
        }

        var done = new TaskCompletionSource<IReadOnlyList<NodeId>>(TaskCreationOptions.RunContinuationsAsynchronously);
        return (new MapConfirm(concern.OtherNodes, concern.Timeout, have => done.TrySetResult(have)), done.Task);
    }

    private async Task<MapWrite> ConfirmAsync(
        Task<IReadOnlyList<NodeId>>? have, WriteConcern concern, CancellationToken cancellation)
    {
        if (have is null)
        {
            return s_written;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellation);
        try
        {
            var nodes = await have.WaitAsync(ended.Token).ConfigureAwait(false);
            return nodes.Count >= concern.OtherNodes
                ? new MapWrite(true, nodes) : throw new WriteConcernException(concern.OtherNodes, nodes);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw _loop.Ending.ToException();
        }
    }
}
