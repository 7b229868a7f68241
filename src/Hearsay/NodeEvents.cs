using System.Runtime.CompilerServices;
using Hearsay.Identity;
using Hearsay.Loop;
using Hearsay.Observability;
using Hearsay.Protocols;

namespace Hearsay;

/// <summary>
/// Between a node's loop and everybody who waits for something of it. What the loop calls here only queues; everything
/// else happens on the thread pool.
/// </summary>
internal sealed class NodeEvents : INodeEvents
{
    /// <summary>Watchers at a time; each holds a bounded queue.</summary>
    private const int MaximumWatchers = 64;

    /// <summary>Changes a watcher may be behind: several complete turnovers of a view of 30.</summary>
    private const int WatchCapacity = 1024;

    /// <summary>How long to wait before the loop is told again, if its queue had no room.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    private readonly GossipNodeOptions _options;
    private readonly IdentityStore? _store;
    private readonly CancellationToken _lifetime;
    private readonly MetadataFetches _fetches = new();

    /// <summary>Guards the lists of waiters and watchers, which are replaced and never changed.</summary>
    private readonly Lock _gate = new();
    private (int Count, TaskCompletionSource Done)[] _waiters = [];
    private Watch<ViewChange>[] _views = [];
    private Watch<ProtocolEvent>[] _published = [];
    private NodeLoop _loop = null!;
    private int _resolving;
    private bool _completed;

    /// <summary>Guards what follows.</summary>
    private readonly Lock _saveGate = new();

    /// <summary>The identity to be stored, if there is a newer one than the last that was.</summary>
    private NodeIdentity? _unsaved;
    private bool _saving;

    public NodeEvents(GossipNodeOptions options, IdentityStore? store, CancellationToken lifetime)
    {
        (_options, _store, _lifetime) = (options, store, lifetime);
        Log = new NodeLog(options.LoggerFactory);
    }

    /// <summary>The node's log.</summary>
    public NodeLog Log { get; }

    /// <summary>Ties this to the loop it serves; once, before the loop starts.</summary>
    public void Attach(NodeLoop loop) => _loop = loop;

    /// <inheritdoc/>
    public void AfterInput(NodeCore core)
    {
        if (Volatile.Read(ref _waiters).Length > 0)
        {
            ReleaseWaiters(core.View.Count);
        }
    }

    /// <inheritdoc/>
    public void ResolveContacts()
    {
        if (_options.Seeds.Count > 0 && Interlocked.Exchange(ref _resolving, 1) == 0)
        {
            _ = Task.Run(ResolveAsync, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public void Notify(in NodeNotice notice)
    {
        if (notice.Kind is NodeNoticeKind.MetadataFetched or NodeNoticeKind.MetadataMissed)
        {
            _fetches.Complete(notice.Id, notice.Number, notice.Detail as byte[]);
            return;
        }

        if (notice.Kind == NodeNoticeKind.JoinFailed && _options.Seeds.Count == 0)
        {
            return; // Without seeds there is nobody who could have answered.
        }

        if (notice.Kind == NodeNoticeKind.IdContested)
        {
            SaveIdentity(_loop.Core);
        }

        Log.Queue(notice);
    }

    /// <inheritdoc/>
    public void OnViewChange(in ViewChange change)
    {
        var views = Volatile.Read(ref _views);
        foreach (var watch in views)
        {
            watch.Offer(change);
        }

        if (views.Length == 0)
        {
            // The last reader has gone. It is noticed here, inside the loop, as a command might be refused.
            _loop.Core.ReportsViewChanges = false;
        }
    }

    /// <inheritdoc/>
    public void Publish(byte protocol, object happened)
    {
        foreach (var watch in Volatile.Read(ref _published))
        {
            watch.Offer(new ProtocolEvent(protocol, happened));
        }
    }

    /// <summary>
    /// Stores the identity as it is now, off the loop. What comes while the disk is busy is stored once: a packet can
    /// raise the incarnation, so a flood of them must not fill the thread pool with writes.
    /// </summary>
    public void SaveIdentity(NodeCore core)
    {
        if (_store is null)
        {
            return;
        }

        lock (_saveGate)
        {
            _unsaved = new NodeIdentity(core.Self.Id, core.Self.Incarnation);
            if (_saving)
            {
                return;
            }

            _saving = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static events => events.SaveLatest(), this, preferLocal: false);
    }

    /// <summary>Completes when the view holds so many peers.</summary>
    public async Task WaitForPeersAsync(int count, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ThrowIfCompleted();
            _waiters = [.. _waiters, (count, done)];
        }

        // The view may have filled before the waiter was on the list.
        ReleaseWaiters(_loop.Core.View.Count);
        using var cancelled = cancellation.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), done);
        try
        {
            await done.Task.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiters = [.. _waiters.Where(waiter => waiter.Done != done)];
            }
        }
    }

    /// <summary>The view as it is, then its changes.</summary>
    public async IAsyncEnumerable<ViewChange> WatchViewAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = new Watch<ViewChange>(
            WatchCapacity, static missed => new ViewChange(ViewChangeKind.Lagged, default, missed));
        ThrowIfCompleted();
        try
        {
            var watching = _loop.PostAsync((core, _) => StartWatching(core, watch, cancellation));
            await watching.WaitAsync(cancellation).ConfigureAwait(false);
            await foreach (var change in watch.ReadAsync(cancellation).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            Remove(ref _views, watch);
        }
    }

    /// <summary>The events of protocols.</summary>
    public async IAsyncEnumerable<ProtocolEvent> WatchEventsAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = new Watch<ProtocolEvent>(WatchCapacity, static missed => new ProtocolEvent(0, null, missed));
        Add(ref _published, watch);
        try
        {
            await foreach (var happened in watch.ReadAsync(cancellation).ConfigureAwait(false))
            {
                yield return happened;
            }
        }
        finally
        {
            Remove(ref _published, watch);
        }
    }

    /// <summary>Metadata from the cache or from its owner.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> FetchMetadataAsync(Peer peer, CancellationToken cancellation) =>
        _fetches.GetAsync(peer, _loop, cancellation);

    /// <summary>The node has stopped: everybody who waits is released.</summary>
    public void Complete()
    {
        (int Count, TaskCompletionSource Done)[] waiters;
        lock (_gate)
        {
            _completed = true;
            waiters = _waiters;
        }

        foreach (var (_, done) in waiters)
        {
            done.TrySetCanceled(_lifetime);
        }

        Array.ForEach(Volatile.Read(ref _views), static watch => watch.Complete());
        Array.ForEach(Volatile.Read(ref _published), static watch => watch.Complete());
        _fetches.Stop();
    }

    /// <summary>
    /// Runs in the loop: nothing can change between the replay and the first change, and no change comes before the
    /// replay.
    /// </summary>
    private void StartWatching(NodeCore core, Watch<ViewChange> watch, CancellationToken cancellation)
    {
        Add(ref _views, watch);
        if (cancellation.IsCancellationRequested)
        {
            // The reader may have gone before the line above, and then nobody else takes it off the list.
            Remove(ref _views, watch);
            return;
        }

        foreach (var peer in core.View.Copy())
        {
            watch.Offer(new ViewChange(ViewChangeKind.Added, peer));
        }

        core.ReportsViewChanges = true;
    }

    private void ReleaseWaiters(int count)
    {
        foreach (var (wanted, done) in Volatile.Read(ref _waiters))
        {
            if (count >= wanted)
            {
                done.TrySetResult();
            }
        }
    }

    private async Task ResolveAsync()
    {
        try
        {
            var (addresses, errors) = await SeedResolver.ResolveAsync(_options.Seeds, _lifetime).ConfigureAwait(false);
            Log.Unresolved(errors);
            while (!_loop.Post((core, now) => core.Contact(now, addresses.ToArray())))
            {
                // Nobody asks for them again before the next try to join, which may be a minute away.
                await Task.Delay(RetryPause, _options.Time, _lifetime).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stopped meanwhile.
        }
        finally
        {
            Volatile.Write(ref _resolving, 0);
        }
    }

    private void SaveLatest()
    {
        while (true)
        {
            NodeIdentity identity;
            lock (_saveGate)
            {
                if (_unsaved is not { } unsaved)
                {
                    _saving = false;
                    return;
                }

                (identity, _unsaved) = (unsaved, null);
            }

            Save(identity);
        }
    }

    private void Save(NodeIdentity identity)
    {
        try
        {
            _store!.Save(identity);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The next start seeds the incarnation from the clock, which is above this one.
            Log.NotSaved(error);
        }
    }

    private void Add<T>(ref Watch<T>[] list, Watch<T> watch)
    {
        lock (_gate)
        {
            ThrowIfCompleted();
            if (list.Length == MaximumWatchers)
            {
                throw new InvalidOperationException($"A node has at most {MaximumWatchers} watchers of a kind.");
            }

            list = [.. list, watch];
        }
    }

    private void Remove<T>(ref Watch<T>[] list, Watch<T> watch)
    {
        lock (_gate)
        {
            list = [.. list.Where(other => other != watch)];
        }
    }

    private void ThrowIfCompleted() => ObjectDisposedException.ThrowIf(_completed, typeof(GossipNode));
}
