using System.Runtime.CompilerServices;
using Hearsay.Diagnostics;
using Hearsay.Identity;
using Hearsay.Joining;
using Hearsay.Loop;
using Hearsay.Protocols;

namespace Hearsay.Watching;

/// <summary>
/// Between a node's loop and everybody who waits for something of it. What the loop calls here only queues; everything
/// else happens on the thread pool.
/// </summary>
internal sealed class NodeEvents : INodeEvents
{
    /// <summary>Watchers at a time; each holds a bounded queue.</summary>
    private const int MaximumWatchers = 64;

    /// <summary>Changes a watcher may be behind: several complete turnovers of a view of 30.</summary>
    public const int WatchCapacity = 1024;

    private readonly GossipNodeOptions _options;
    private readonly IdentitySaver? _saver;
    private readonly MetadataFetches _fetches = new();

    /// <summary>Those who wait for peers.</summary>
    private readonly CountWaiters _waiters;

    private readonly SubscriberList<Watch<ViewChange>> _views = new(MaximumWatchers, "watchers of its view");
    private readonly SubscriberList<Watch<ProtocolEvent>> _published = new(MaximumWatchers, "watchers of its events");
    private NodeLoop _loop = null!;
    private long _missed;

    public NodeEvents(GossipNodeOptions options, IdentityStore? store)
    {
        _options = options;
        Log = new NodeLog(options.LoggerFactory);
        _waiters = new CountWaiters(() => _loop.Core.View.Count);
        _saver = store is null ? null : new IdentitySaver(store.Save, Log.NotSaved);

        // A command that is refused because too many wait is made up for when the node asks again.
        Seeds = new SeedBook(options, Log, addresses =>
            _loop.Post((core, now) => core.SeedsResolved(now, addresses)));
    }

    /// <summary>Changes and events that a watcher did not read in time and was told of.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Metadata that is fetched.</summary>
    public MetadataFetches Fetches => _fetches;

    /// <summary>The node's log.</summary>
    public NodeLog Log { get; }

    /// <summary>The node's seeds.</summary>
    public SeedBook Seeds { get; }

    /// <summary>The latest contact that answered that it belongs to another cluster; null if none did.</summary>
    public string? RefusedBy { get; private set; }

    /// <summary>Called once if the node fell silent because its id is another's; must not block.</summary>
    public Action<NodeNotice>? IdTaken { get; set; }

    /// <summary>Called with every event of a protocol before watchers get it; must not block.</summary>
    public Action<byte, object>? Happened { get; init; }

    /// <summary>Ties this to the loop it serves; once, before the loop starts.</summary>
    public void Attach(NodeLoop loop) => _loop = loop;

    /// <inheritdoc/>
    public void AfterInput(NodeCore core) => _waiters.Release();

    /// <inheritdoc/>
    public void ResolveContacts() => Seeds.Resolve();

    /// <inheritdoc/>
    public bool IsResolvingContacts => Seeds.IsLookingUp;

    /// <inheritdoc/>
    public void Notify(in NodeNotice notice)
    {
        switch (notice.Kind)
        {
            case NodeNoticeKind.JoinFailed when _options.Seeds.Count == 0:
                return; // Without seeds there is nobody who could have answered.
            case NodeNoticeKind.IdentityChanged:
                SaveIdentity(_loop.Core);
                return;
            case NodeNoticeKind.IdRenewed:
                SaveIdentity(_loop.Core);
                break;
            case NodeNoticeKind.IdTaken:
                IdTaken?.Invoke(notice);
                break;
            case NodeNoticeKind.RefusedByCluster:
                RefusedBy = notice.Address.ToString();
                break;
            default:
                break;
        }

        Log.Queue(notice);
    }

    /// <inheritdoc/>
    public void OnViewChange(in ViewChange change)
    {
        var views = _views.All;
        foreach (var watch in views)
        {
            CountIfMissed(watch.Offer(change));
        }

        if (views.Length == 0)
        {
            // The last reader has gone. It is noticed here, inside the loop, as a command might be refused.
            _loop.Core.ReportsViewChanges = false;
        }
    }

    /// <inheritdoc/>
    public void OnMetadata(in MetadataAnswer answer) =>
        _fetches.Complete(answer.Id, answer.Incarnation, answer.Metadata);

    /// <inheritdoc/>
    public void OnStall(in StallReport report) => Log.Stalled(report);

    /// <inheritdoc/>
    public void OnStreamsBlocked(NodeAddress address) => Log.StreamsBlocked(address);

    /// <inheritdoc/>
    public void Publish(byte protocol, object happened)
    {
        Happened?.Invoke(protocol, happened);
        foreach (var watch in _published.All)
        {
            CountIfMissed(watch.Offer(new ProtocolEvent(protocol, happened)));
        }
    }

    /// <summary>Stores the identity as it is now, off the loop.</summary>
    public void SaveIdentity(NodeCore core) => _saver?.Save(new NodeIdentity(core.Self.Id, core.Self.Incarnation));

    /// <summary>Completes when the view holds so many peers.</summary>
    public Task WaitForPeersAsync(int count, CancellationToken cancellation) =>
        _waiters.WaitAsync(count, cancellation);

    /// <summary>The view as it is, then its changes.</summary>
    public async IAsyncEnumerable<ViewChange> WatchViewAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = new Watch<ViewChange>(
            WatchCapacity, static missed => new ViewChange(ViewChangeKind.Lagged, default, missed));
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
            _views.Remove(watch);
        }
    }

    /// <summary>The events of protocols.</summary>
    public async IAsyncEnumerable<ProtocolEvent> WatchEventsAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = new Watch<ProtocolEvent>(WatchCapacity, static missed => new ProtocolEvent(0, null, missed));
        _published.Add(watch);
        try
        {
            await foreach (var happened in watch.ReadAsync(cancellation).ConfigureAwait(false))
            {
                yield return happened;
            }
        }
        finally
        {
            _published.Remove(watch);
        }
    }

    /// <summary>Metadata from the cache or from its owner.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> FetchMetadataAsync(Peer peer, CancellationToken cancellation) =>
        _fetches.GetAsync(peer, _loop, cancellation);

    /// <summary>The node has stopped: everybody who waits is released.</summary>
    /// <param name="failure">What sequences end with if it did so by itself.</param>
    public void Complete(Exception? failure = null)
    {
        _waiters.Complete(_loop.Ending.ToException);
        Array.ForEach(_views.Complete(_loop.Ending.ToException), watch => watch.Complete(failure));
        Array.ForEach(_published.Complete(_loop.Ending.ToException), watch => watch.Complete(failure));
        _fetches.Stop(_loop.Ending.ToException());
    }

    /// <summary>
    /// Runs in the loop: nothing can change between the replay and the first change, and no change comes before the
    /// replay.
    /// </summary>
    private void StartWatching(NodeCore core, Watch<ViewChange> watch, CancellationToken cancellation)
    {
        _views.Add(watch);
        if (cancellation.IsCancellationRequested)
        {
            // The reader may have gone before the line above, and then nobody else takes it off the list.
            _views.Remove(watch);
            return;
        }

        foreach (var peer in core.View.Copy())
        {
            watch.Offer(new ViewChange(ViewChangeKind.Added, peer));
        }

        core.ReportsViewChanges = true;
    }

    private void CountIfMissed(bool taken)
    {
        if (!taken)
        {
            Interlocked.Increment(ref _missed);
        }
    }
}
