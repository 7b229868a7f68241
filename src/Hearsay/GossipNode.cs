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
/// return tasks wait for the network. From <see cref="LeaveAsync"/> or <see cref="DisposeAsync"/> on every other method
/// throws <see cref="ObjectDisposedException"/>. Properties keep their last values, and existing samplers find no peer.
/// If the node has stopped because another node has its id (<see cref="GossipNodeOptions.OnIdConflict"/>), methods
/// throw <see cref="IdConflictException"/> instead. So does everything that waits for the node: waits for peers,
/// sequences, subscriptions, estimates and publishing.
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
    private readonly PeerSampler _sampler;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly Lock _stopping = new();
    private AddressWatch? _addressWatch;
    private volatile Task<LeaveResult>? _stopped;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GossipNode(
        GossipNodeOptions options, NodeBindings bindings, NodeCoreOptions core, IdentityStore? store,
        FeatureSet features)
    {
        (_options, _store, _features) = (options, store, features);
        (_datagrams, _streams) = (bindings.Datagrams, bindings.Streams);
        _events = new NodeEvents(options, store, _lifetime.Token)
        {
            IdTaken = StopWithoutId, Happened = features.OnEvent,
        };
        _loop = new NodeLoop(core, _datagrams, _streams, DueScheduler.For(options.Time), _events);
        _events.Attach(_loop);
        _features.Attach(new FeatureHost(_loop, _events.Log, _features));
        if (!_loop.Core.Samplers.TryCreate(SamplingPolicy.UniformWithoutReplacement, out var sampler))
        {
            throw new InvalidOperationException("The node has too many samplers.");
        }

        _sampler = sampler;
    }

    /// <summary>The id of this node.</summary>
    public NodeId Id => _loop.Core.Self.Id;

    /// <summary>The addresses at which other nodes reach this node.</summary>
    public NodeAddresses Addresses => _loop.Core.Self.Addresses;

    /// <summary>The address on which this node listens.</summary>
    public NodeAddress LocalAddress => _datagrams.LocalAddress;

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
    /// <see cref="GossipNodeOptions.OnIdConflict"/> says so.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Starts a node. The task completes when the sockets are bound and the event loop runs. From then on the node
    /// joins, and <see cref="WaitForPeersAsync"/> completes when it has joined. The node finds out whether another node
    /// has its id while it joins, that is, after the task has completed: see
    /// <see cref="GossipNodeOptions.OnIdConflict"/>.
    /// </summary>
    /// <param name="options">The options of the node.</param>
    /// <param name="cancellation">Cancels the start. No node runs then, and its port is free.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    /// <exception cref="OperationCanceledException">The start was cancelled.</exception>
    /// <exception cref="IOException">
    /// The address is in use or does not belong to this machine, or the data directory is damaged or used by another
    /// node.
    /// </exception>
    public static Task<GossipNode> StartAsync(
        GossipNodeOptions options, CancellationToken cancellation = default) =>
        StartWithAsync(options, NodeFeatures.All, cancellation);

    /// <summary>Starts a node with those features of a list that the options ask for.</summary>
    internal static async Task<GossipNode> StartWithAsync(
        GossipNodeOptions options, IReadOnlyList<FeatureDescription> all, CancellationToken cancellation)
    {
        GossipNodeValidation.ThrowIfInvalid(options, all);
        cancellation.ThrowIfCancellationRequested();
        var store = options.DataDirectory is { } directory ? IdentityStore.Open(directory) : null;
        NodeBindings? bindings = null;
        try
        {
            var now = options.Time.GetUtcNow();
            var identity = store?.Begin(now) ?? IdentityStore.NewIdentity(now);
            bindings = await NodeBindings.BindAsync(options, cancellation).ConfigureAwait(false);
            var features = new FeatureSet(options, all);
            var core = new NodeCoreOptions
            {
                Self = new SelfDescription(
                    identity.Id, identity.Incarnation, bindings.Advertised, options.Metadata.ToArray()),
                Seed = options.RandomSeed ?? IdentityStore.NewSeed(),
                Cluster = options.Cluster,
                Sampling = options.Sampling,
                OnIdConflict = options.OnIdConflict,
                Protocols = [.. features.Protocols, .. options.Protocols],
            };
            var node = new GossipNode(options, bindings, core, store, features);
            cancellation.ThrowIfCancellationRequested();
            node._loop.Start();
            node.WatchAddresses();
            HearsayMetrics.Add(node);
            node._events.Log.Started(
                node.Id, node.Addresses, node.LocalAddress, options.Cluster, GossipNodeValidation.Warnings(options));
            return node;
        }
        catch
        {
            if (bindings is not null)
            {
                await bindings.DisposeAsync().ConfigureAwait(false);
            }

            store?.Dispose();
            throw;
        }
    }

    /// <summary>Draws a peer from this node's own sampler: uniform without replacement.</summary>
    /// <param name="peer">The peer, or the default value if there is none.</param>
    /// <returns>False if the view is empty.</returns>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public bool TryGetPeer(out Peer peer) => Running._sampler.TryGetPeer(out peer);

    /// <summary>Draws a peer and tells whether it was fresh or a fallback.</summary>
    /// <param name="peer">The peer, or the default value if there is none.</param>
    /// <param name="origin">None, fresh or fallback.</param>
    /// <returns>False if the view is empty.</returns>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public bool TryGetPeer(out Peer peer, out SampleOrigin origin) =>
        Running._sampler.TryGetPeer(out peer, out origin);

    /// <summary>Draws distinct peers. Returns fewer than asked for if the view holds no more.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IReadOnlyList<Peer> GetPeers(int count) => Running._sampler.GetPeers(count);

    /// <summary>Draws distinct peers into the caller's buffer, without allocating.</summary>
    /// <param name="destination">The buffer, which is filled from its start.</param>
    /// <returns>The number of peers drawn, which is less than the buffer holds if the view has no more.</returns>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public int GetPeers(Span<Peer> destination) => Running._sampler.GetPeers(destination);

    /// <summary>All peers of the view at this moment, in no particular order.</summary>
    public IReadOnlyList<Peer> GetView() => Running._loop.Core.View.Copy();

    /// <summary>
    /// Creates a sampler for one consumer, with its own policy and its own memory of the peers it has handed out.
    /// Dispose it when the consumer is done. When the node has stopped, the sampler finds no more peers.
    /// </summary>
    /// <param name="policy">The rule by which it chooses peers.</param>
    /// <exception cref="InvalidOperationException">The node has 64 samplers already.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns the sampler.")]
    public IPeerSampler CreateSampler(SamplingPolicy policy = SamplingPolicy.UniformWithoutReplacement) =>
        Running._loop.Core.Samplers.TryCreate(policy, out var sampler)
            ? sampler
            : throw new InvalidOperationException(
                $"A node has at most {SamplerSet.DefaultCapacity} samplers at a time. Dispose those that are no "
                + "longer used.");

    /// <summary>Waits until the view holds at least a given number of peers.</summary>
    /// <param name="count">The number of peers, from 1 to the view size.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException">The view can never hold that many peers.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the node stopped.</exception>
    /// <exception cref="IdConflictException">
    /// The node stopped, or stops now, because another node has its id. This happens only with
    /// <see cref="IdConflictAction.Stop"/>.
    /// </exception>
    public Task WaitForPeersAsync(int count = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _options.Sampling.ViewSize);
        return Running._events.WaitForPeersAsync(count, cancellation);
    }

    /// <summary>
    /// Returns the changes of the view from now on. The sequence begins with one <see cref="ViewChangeKind.Added"/> for
    /// each peer that is in the view. A reader that is too slow gets a <see cref="ViewChangeKind.Lagged"/> in place of
    /// the changes it missed.
    /// </summary>
    /// <param name="cancellation">Ends the sequence with an exception; the node's end ends it normally.</param>
    /// <exception cref="InvalidOperationException">Too many watchers.</exception>
    public IAsyncEnumerable<ViewChange> WatchViewAsync(CancellationToken cancellation = default) =>
        Running._events.WatchViewAsync(cancellation);

    /// <summary>Returns the events that the node's protocols publish from now on.</summary>
    /// <param name="cancellation">Ends the sequence with an exception; the node's end ends it normally.</param>
    /// <exception cref="InvalidOperationException">Too many watchers.</exception>
    public IAsyncEnumerable<ProtocolEvent> WatchEventsAsync(CancellationToken cancellation = default) =>
        Running._events.WatchEventsAsync(cancellation);

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
    /// <exception cref="ArgumentOutOfRangeException">It is too long.</exception>
    /// <exception cref="InvalidOperationException">Too many commands wait for the node.</exception>
    public async Task SetMetadataAsync(ReadOnlyMemory<byte> metadata)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metadata.Length, Descriptor.MaximumMetadataBytes);
        var copy = metadata.ToArray();
        await Running._loop.PostAsync((core, now) =>
        {
            core.SetMetadata(now, copy);
            _events.SaveIdentity(core);
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns the metadata of a peer. It comes from the sample if the sample carries it, else from the node's cache,
    /// and else it is fetched from the peer.
    /// </summary>
    /// <param name="peer">The peer, as a sampler returned it.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The metadata, or null if the peer did not answer in time.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public ValueTask<ReadOnlyMemory<byte>?> GetMetadataAsync(in Peer peer, CancellationToken cancellation = default)
    {
        var events = Running._events;
        return peer.HasMetadata ? new(peer.Metadata) : events.FetchMetadataAsync(peer, cancellation);
    }

    /// <summary>Contacts the given nodes at once, whether this node has peers or not.</summary>
    /// <param name="contacts">
    /// Each <c>HOST[:PORT]</c>, at most 32. Contacts that cannot be resolved now are skipped. The last 32 names of all
    /// calls are resolved again later, like those of <see cref="GossipNodeOptions.Seeds"/>.
    /// </param>
    /// <param name="cancellation">Stops resolving.</param>
    /// <exception cref="ArgumentException">A contact is not a valid node address; the message names it.</exception>
    public async Task ContactAsync(IEnumerable<string> contacts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        var events = Running._events;
        contacts = [.. contacts.Take(GossipNodeOptions.MaximumSeeds)];
        var errors = contacts.SelectMany(contact => AddressValidation.OfSeed(contact, _options.Bind));
        if (errors.FirstOrDefault() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(contacts));
        }

        events.Seeds.Add([.. contacts]);
        var (addresses, unresolved) = await SeedResolver.ResolveAsync(
            contacts, cancellation, _options.Names).ConfigureAwait(false);
        events.Log.Unresolved(unresolved);
        await _loop.PostAsync((core, now) => core.Contact(now, addresses.ToArray())).ConfigureAwait(false);
    }

    /// <summary>
    /// Changes the addresses at which others reach this node, for instance after a change of network, and raises the
    /// incarnation. From then on the node no longer determines its addresses by itself.
    /// </summary>
    /// <param name="advertise">As <see cref="GossipNodeOptions.Advertise"/>.</param>
    /// <param name="cancellation">Stops resolving.</param>
    /// <exception cref="ArgumentException">
    /// The text is not an address, or is a name that cannot be resolved.
    /// </exception>
    public async Task SetAdvertisedAddressAsync(string advertise, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(advertise);
        if (AddressValidation.OfAdvertise(advertise, _options.Bind).FirstOrDefault() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(advertise));
        }

        var addresses = await NodeBindings.AdvertisedAsync(
            advertise, Running.LocalAddress.Port, cancellation).ConfigureAwait(false);
        _addressWatch?.Dispose();
        await _loop.PostAsync((core, now) =>
        {
            core.SetAddresses(now, addresses);
            _events.SaveIdentity(core);
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Hands over the messages that were published here, tells the neighbours that this node leaves, and stops the
    /// node. The task completes when the port is free, within <see cref="GossipNodeOptions.LeaveTimeout"/> and some
    /// seconds. Further calls wait for the first one.
    /// </summary>
    /// <returns>The messages that no other node is known to have.</returns>
    public Task<LeaveResult> LeaveAsync() => StopAsync(leave: true);

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
