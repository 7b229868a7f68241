using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Addresses;
using Hearsay.Features;
using Hearsay.Features.Contract;
using Hearsay.Identity;
using Hearsay.Joining;
using Hearsay.Loop;
using Hearsay.Metrics;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Wire;
using Hearsay.Settings;
using Hearsay.Transport;
using Hearsay.Watching;

namespace Hearsay;

/// <summary>
/// A live node of a gossip network. It joins through its seeds, keeps a small random view of the other nodes that it
/// refreshes all the time, and hands out peers on demand.
/// </summary>
/// <remarks>
/// Every member may be called from any thread. Drawing peers takes no lock and allocates nothing. Only the methods that
/// return tasks wait for the network.
/// <para>
/// From <see cref="LeaveAsync"/> or <see cref="DisposeAsync"/> on, every other method fails with
/// <see cref="ObjectDisposedException"/>, and so does every task that still waits for the node. Properties keep their
/// last values, existing samplers find no peer, and sequences end normally. If the node has stopped by itself, because
/// another node has its id (<see cref="GossipNodeOptions.OnIdConflict"/>), sequences fail with
/// <see cref="ObjectDisposedException"/> as well, and the <see cref="Exception.InnerException"/> of each is an
/// <see cref="IdConflictException"/>.
/// </para>
/// <para>
/// A method that passes a command to the node fails with a transient <see cref="HearsayException"/> while 1,024
/// commands wait already. <see cref="HearsayException"/> describes what each kind of exception means.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// await using var node = await GossipNode.StartAsync(new GossipNodeOptions { Seeds = ["10.0.0.5:7946"] });
/// await node.WaitForPeersAsync();
/// if (node.TryGetPeer(out var peer))
/// {
///     Console.WriteLine(peer.Address);
/// }
/// </code>
/// </example>
[DebuggerDisplay("{Id} at {Addresses}, {ViewCount} peers")]
public sealed partial class GossipNode : IAsyncDisposable
{
    /// <summary>How long the others may take to read what waits in streams when this node leaves.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly GossipNodeOptions _options;
    private readonly NodeLoop _loop;
    private readonly ITransport _datagrams;
    private readonly ITransport _streams;
    private readonly IdentityStore? _store;
    private readonly NodeEvents _events;
    private readonly FeatureSet _features;
    private readonly HearsayMetrics _metrics;
    private readonly PeerSampler _sampler;
    private readonly CancellationTokenSource _lifetime = new();

    /// <summary>Cancelled when the node shall leave without handing over.</summary>
    private readonly CancellationTokenSource _hurry = new();
    private readonly Lock _stopping = new();
    private AddressWatch? _addressWatch;
    private volatile Task<LeaveResult>? _stopped;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GossipNode(
        GossipNodeOptions options, NodeBindings bindings, NodeCoreOptions core, IdentityStore? store,
        FeatureSet features)
    {
        (_options, _store, _features) = (options, store, features);
        _metrics = HearsayMetrics.For(options.MeterFactory);
        (_datagrams, _streams) = (bindings.Datagrams, bindings.Streams);
        _events = new NodeEvents(options, store)
        {
            IdTaken = StopWithoutId, Happened = features.OnEvent,
        };
        _loop = new NodeLoop(core, _datagrams, _streams, DueScheduler.For(options.Time), _events);
        _events.Attach(_loop);
        _features.Attach(new FeatureHost(_loop, _events.Log, _features, _metrics.Meter));
        if (!_loop.Core.Samplers.TryCreate(SamplingPolicy.UniformWithoutReplacement, out var sampler))
        {
            throw new InvalidOperationException("The node has too many samplers.");
        }

        _sampler = sampler;
        FollowKeyring(core);
    }

    /// <summary>The id of this node.</summary>
    public NodeId Id => _loop.Core.Self.Id;

    /// <summary>The addresses at which other nodes reach this node.</summary>
    public NodeAddresses Addresses => _loop.Core.Self.Addresses;

    /// <summary>The address on which this node listens.</summary>
    public NodeAddress LocalAddress => _datagrams.LocalAddress;

    /// <summary>
    /// The time between the cycles of this node. It is the time of the options, unless <see cref="SetCycleTimeAsync"/>
    /// has changed it.
    /// </summary>
    public TimeSpan CycleTime => _loop.Core.Sampling.Options.CycleTime;

    /// <summary>The options with which the node was started.</summary>
    public GossipNodeOptions Options => _options;

    /// <summary>The counters of this node.</summary>
    public NodeCounters Counters => _loop.Core.Counters;

    /// <summary>The number of peers in the node's view.</summary>
    public int ViewCount => _loop.Core.View.Count;

    /// <summary>The smoothed round-trip time to the node's partners; zero before the first measurement.</summary>
    public TimeSpan RoundTrip => _loop.Core.RoundTrip;

    /// <summary>The quality of the recent stream of peers from this node's own sampler.</summary>
    public SamplerQuality Quality => _sampler.Quality;

    /// <summary>
    /// Completes when the node has stopped: successfully after <see cref="LeaveAsync"/> or disposal, and with an
    /// <see cref="IdConflictException"/> if the node stopped by itself. It stops by itself only if
    /// <see cref="GossipNodeOptions.OnIdConflict"/> says so, or in mode identity if another node has its keys.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Starts a node. The task completes when the sockets are bound and the event loop runs. The node then joins in the
    /// background, and <see cref="WaitForPeersAsync"/> completes when it has joined. While it joins, after this task
    /// has completed, the node may find that another node has its id: see <see cref="GossipNodeOptions.OnIdConflict"/>.
    /// </summary>
    /// <param name="options">The options of the node.</param>
    /// <param name="cancellationToken">Cancels the start. No node runs then, and its port is free.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    /// <exception cref="OperationCanceledException">The start was cancelled.</exception>
    /// <exception cref="IOException">
    /// The address is in use or does not belong to this machine, or the data directory or the store of the maps is
    /// damaged or used by another node.
    /// </exception>
    public static Task<GossipNode> StartAsync(
        GossipNodeOptions options, CancellationToken cancellationToken = default) =>
        StartWithAsync(options, NodeFeatures.All, cancellationToken);

    /// <summary>Starts a node with those features of a list that the options ask for.</summary>
    internal static async Task<GossipNode> StartWithAsync(
        GossipNodeOptions options, IReadOnlyList<FeatureDescription> all, CancellationToken cancellationToken)
    {
        GossipNodeValidation.ThrowIfInvalid(options, all);
        cancellationToken.ThrowIfCancellationRequested();
        var store = options.DataDirectory is { } directory ? IdentityStore.Open(directory) : null;
        NodeBindings? bindings = null;
        FeatureSet? features = null;
        try
        {
            var now = options.Time.GetUtcNow();
            var identity = store?.Begin(now) ?? IdentityStore.NewIdentity(now);
            var keyed = options.Security.NodeId;
            bindings = await NodeBindings.BindAsync(options, cancellationToken).ConfigureAwait(false);
            features = new FeatureSet(options, all);
            var security = options.Security.ForNode(options.Cluster, options.Time);
            var core = new NodeCoreOptions
            {
                Self = new SelfDescription(
                    keyed.IsNone ? identity.Id : keyed, identity.Incarnation, bindings.Advertised,
                    options.Metadata.ToArray()),
                Seed = options.RandomSeed ?? IdentityStore.NewSeed(),
                Cluster = options.Cluster,
                Sampling = options.Sampling,
                OnIdConflict = options.OnIdConflict,
                Security = security,
                Identity = options.Security.IdentityForNode(options.Cluster, options.Time, options.DataDirectory),
                Protocols = [.. features.Protocols, .. ProtocolsOf(security), .. options.Protocols],
            };
            var node = new GossipNode(options, bindings, core, store, features);
            cancellationToken.ThrowIfCancellationRequested();
            node._events.Log.Started(
                node.Id, node.Addresses, node.LocalAddress, options, GossipNodeValidation.Warnings(options));
            node.Begin();
            return node;
        }
        catch
        {
            features?.Complete(null);
            if (bindings is not null)
            {
                await bindings.DisposeAsync().ConfigureAwait(false);
            }

            store?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Returns the changes of the view from now on. The sequence begins with one <see cref="ViewChangeKind.Added"/> for
    /// each peer that is in the view. A reader that is too slow gets a <see cref="ViewChangeKind.Lagged"/> in place of
    /// the changes it missed.
    /// </summary>
    /// <param name="cancellationToken">Ends the sequence with an exception; the node's end ends it normally.</param>
    /// <exception cref="InvalidOperationException">The node has 64 watchers of this kind already.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public IAsyncEnumerable<ViewChange> WatchViewAsync(CancellationToken cancellationToken = default) =>
        Running._events.WatchViewAsync(cancellationToken);

    /// <summary>Returns the events that the node's protocols publish from now on.</summary>
    /// <param name="cancellationToken">Ends the sequence with an exception; the node's end ends it normally.</param>
    /// <exception cref="InvalidOperationException">The node has 64 watchers of this kind already.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public IAsyncEnumerable<ProtocolEvent> WatchEventsAsync(CancellationToken cancellationToken = default) =>
        Running._events.WatchEventsAsync(cancellationToken);

    /// <summary>
    /// Passes a command to one of the application's protocols. <see cref="IProtocol.OnCommand"/> handles it later,
    /// inside the event loop.
    /// </summary>
    /// <param name="protocol">The id of the protocol, from 128 to 255.</param>
    /// <param name="command">The command. It is passed as it is, so do not change it afterwards.</param>
    /// <returns>False if the node runs no protocol with that id, or if too many commands are waiting already.</returns>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public bool Post(byte protocol, object command) =>
        Running._options.Protocols.Any(running => running.Id == protocol)
        && _loop.Post((core, now) => core.Post(now, protocol, command));

    /// <summary>Changes the metadata that others see in <see cref="Peer"/>, and raises the incarnation.</summary>
    /// <param name="metadata">At most 256 bytes; copied.</param>
    /// <param name="cancellationToken">Stops waiting. The metadata may change all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is too long.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public async Task SetMetadataAsync(
        ReadOnlyMemory<byte> metadata, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.Length, Descriptor.MaximumMetadataBytes);
        var copy = metadata.ToArray();
        await Running._loop.PostAsync((core, now) =>
        {
            core.SetMetadata(now, copy);
            _events.SaveIdentity(core);
        }).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first node that answered when this one joined, at the address that was asked; null if none has.
    /// </summary>
    internal async Task<Peer?> JoinedThroughAsync()
    {
        Peer? through = null;
        await Running._loop.PostAsync((core, _) => through = core.Sampling.JoinedThrough).ConfigureAwait(false);
        return through;
    }

    /// <summary>
    /// Changes the time between the cycles of this node while it runs. All times that are counted in cycles change with
    /// it. Other nodes keep their cycle time. A node with longer cycles still hears of others whenever they contact it,
    /// but others hear of it less often.
    /// </summary>
    /// <param name="cycleTime">The new time, from 10 ms to 1 h, and longer than the longest time-out.</param>
    /// <param name="cancellationToken">Stops waiting. The time may change all the same.</param>
    /// <exception cref="ArgumentException">The time is not valid with the node's options; the message says
    /// why.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public async Task SetCycleTimeAsync(TimeSpan cycleTime, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Running._loop.PostAsync((core, now) =>
        {
            core.SetCycleTime(now, cycleTime);
            _loop.SetGrain(cycleTime);
        }).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns the metadata of a peer. It comes from the sample if the sample carries it, or else from the node's
    /// cache. Otherwise the node fetches it from the peer.
    /// </summary>
    /// <param name="peer">The peer, as a sampler returned it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The metadata, or null if the peer did not answer in time.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public ValueTask<ReadOnlyMemory<byte>?> GetMetadataAsync(
        in Peer peer, CancellationToken cancellationToken = default)
    {
        var events = Running._events;
        return peer.HasMetadata ? new(peer.Metadata) : events.FetchMetadataAsync(peer, cancellationToken);
    }

    /// <summary>
    /// Hands over the messages that were published here, tells the neighbours that this node leaves, and stops the
    /// node. The task completes when the port is free, within <see cref="GossipNodeOptions.LeaveTimeout"/> and some
    /// seconds. Further calls wait for the first one.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the handing over. The node then tells its neighbours that it leaves, and stops at once. The task still
    /// completes normally, when the port is free.
    /// </param>
    /// <returns>
    /// The messages that no other node is known to have. If the handing over was cancelled, nothing is known about them
    /// (<see cref="LeaveResult.IsKnown"/>).
    /// </returns>
    public Task<LeaveResult> LeaveAsync(CancellationToken cancellationToken = default) =>
        HurriedByAsync(StopAsync(leave: true), cancellationToken);

    /// <summary>Leaves like <see cref="LeaveAsync"/>, and releases all resources.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(leave: true).ConfigureAwait(false);

    /// <summary>Stops without a word, as a crash would: for experiments.</summary>
    internal Task CrashAsync() => StopAsync(leave: false);

    /// <summary>A feature of this node; null if it runs without.</summary>
    internal T? Feature<T>()
        where T : class, INodeFeature => _features.Find<T>();

    internal NodeLoop Loop => _loop;

    internal NodeEvents Events => _events;

    internal ITransport Datagrams => _datagrams;

    internal ITransport Streams => _streams;

    /// <summary>This node, if it has not been told to stop.</summary>
    private GossipNode Running
    {
        get
        {
            if (_stopped is not null)
            {
                throw _loop.Ending.ToException();
            }

            return this;
        }
    }
}
