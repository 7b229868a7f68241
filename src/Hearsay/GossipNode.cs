using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Addresses;
using Hearsay.Features;
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
/// A live node of a gossip network: joins through its seeds, keeps a small, fresh, random view of the others, and hands
/// out peers on demand.
/// </summary>
/// <remarks>
/// Every member may be called from any thread. Drawing peers takes no lock and allocates nothing; nothing here waits
/// for the network but the methods that return tasks. From <see cref="LeaveAsync"/> or <see cref="DisposeAsync"/> on
/// every other method throws <see cref="ObjectDisposedException"/>; properties keep what they last said, and samplers
/// that were made before find no peer. If the node has stopped because its id is another's
/// (<see cref="GossipNodeOptions.OnIdConflict"/>), they throw <see cref="IdConflictException"/> instead, and so does
/// everything that was waited for: peers, sequences, subscriptions, estimates, publishing.
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
    private readonly PeerSampler _sampler;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly Lock _stopping = new();
    private AddressWatch? _addressWatch;
    private volatile Task<LeaveResult>? _stopped;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GossipNode(
        GossipNodeOptions options, NodeBindings bindings, NodeCoreOptions core, IdentityStore? store,
        NodeServices services)
    {
        (_options, _store, _services) = (options, store, services);
        (_datagrams, _streams) = (bindings.Datagrams, bindings.Streams);
        _events = new NodeEvents(options, store, _lifetime.Token) { IdTaken = StopWithoutId };
        _loop = new NodeLoop(core, _datagrams, _streams, DueScheduler.For(options.Time), _events);
        _events.Attach(_loop);
        _services.Attach(_loop);
        if (!_loop.Core.Samplers.TryCreate(SamplingPolicy.UniformWithoutReplacement, out var sampler))
        {
            throw new InvalidOperationException("The node has too many samplers.");
        }

        _sampler = sampler;
    }

    /// <summary>Who this node is.</summary>
    public NodeId Id => _loop.Core.Self.Id;

    /// <summary>Where others reach this node.</summary>
    public NodeAddresses Addresses => _loop.Core.Self.Addresses;

    /// <summary>The address this node listens on.</summary>
    public NodeAddress LocalAddress => _datagrams.LocalAddress;

    /// <summary>The options it was started with.</summary>
    public GossipNodeOptions Options => _options;

    /// <summary>What it counted.</summary>
    public NodeCounters Counters => _loop.Core.Counters;

    /// <summary>How many peers are in its view.</summary>
    public int ViewCount => _loop.Core.View.Count;

    /// <summary>The smoothed round-trip time to its partners; zero before anything was measured.</summary>
    public TimeSpan RoundTrip => _loop.Core.RoundTrip;

    /// <summary>How good the stream of peers from this node's own sampler has been lately.</summary>
    public SamplerQuality Quality => _sampler.Quality;

    /// <summary>
    /// Completes when the node has stopped: normally after <see cref="LeaveAsync"/> or disposal, with an
    /// <see cref="IdConflictException"/> if it stopped by itself, which it does only where
    /// <see cref="GossipNodeOptions.OnIdConflict"/> says so.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Starts a node. Completes when its sockets are bound and its loop runs; it joins from then on, and
    /// <see cref="WaitForPeersAsync"/> tells when it has. Whether another node has its id it finds out while it joins,
    /// after this has completed: see <see cref="GossipNodeOptions.OnIdConflict"/>.
    /// </summary>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Gives up starting: then no node runs and its port is free.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all errors.</exception>
    /// <exception cref="OperationCanceledException">Starting was given up.</exception>
    /// <exception cref="IOException">
    /// The address is taken or not this machine's, or the data directory is used by another node or damaged.
    /// </exception>
    public static async Task<GossipNode> StartAsync(
        GossipNodeOptions options, CancellationToken cancellation = default)
    {
        GossipNodeValidation.ThrowIfInvalid(options);
        cancellation.ThrowIfCancellationRequested();
        var store = options.DataDirectory is { } directory ? IdentityStore.Open(directory) : null;
        NodeBindings? bindings = null;
        try
        {
            var now = options.Time.GetUtcNow();
            var identity = store?.Begin(now) ?? IdentityStore.NewIdentity(now);
            bindings = await NodeBindings.BindAsync(options, cancellation).ConfigureAwait(false);
            var services = new NodeServices(options);
            var core = new NodeCoreOptions
            {
                Self = new SelfDescription(
                    identity.Id, identity.Incarnation, bindings.Advertised, options.Metadata.ToArray()),
                Seed = options.RandomSeed ?? IdentityStore.NewSeed(),
                Cluster = options.Cluster,
                Sampling = options.Sampling,
                OnIdConflict = options.OnIdConflict,
                Protocols = services.Protocols(options.Protocols),
            };
            var node = new GossipNode(options, bindings, core, store, services);
            cancellation.ThrowIfCancellationRequested();
            node._loop.Start();
            node.WatchAddresses();
            HearsayMetrics.Add(node);
            node._events.Log.Started(node.Id, node.Addresses, node.LocalAddress, options);
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
    /// <returns>False if the view is empty.</returns>
    public bool TryGetPeer(out Peer peer) => Running._sampler.TryGetPeer(out peer);

    /// <summary>Draws a peer and tells whether it was fresh or a fallback.</summary>
    /// <returns>False if the view is empty.</returns>
    public bool TryGetPeer(out Peer peer, out SampleOrigin origin) =>
        Running._sampler.TryGetPeer(out peer, out origin);

    /// <summary>Draws distinct peers; fewer than asked for if the view holds no more.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IReadOnlyList<Peer> GetPeers(int count) => Running._sampler.GetPeers(count);

    /// <summary>Draws distinct peers into a buffer of the caller's; allocates nothing.</summary>
    /// <returns>How many were drawn.</returns>
    public int GetPeers(Span<Peer> destination) => Running._sampler.GetPeers(destination);

    /// <summary>All peers of the view at this moment, in no particular order.</summary>
    public IReadOnlyList<Peer> GetView() => Running._loop.Core.View.Copy();

    /// <summary>
    /// Makes a sampler for one consumer, with its own policy and its own memory of what it was given. Dispose it when
    /// the consumer is done; when the node has stopped it finds no peer any more.
    /// </summary>
    /// <param name="policy">Which peers it hands out.</param>
    /// <exception cref="InvalidOperationException">The node has 64 samplers already.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns the sampler.")]
    public IPeerSampler CreateSampler(SamplingPolicy policy = SamplingPolicy.UniformWithoutReplacement) =>
        Running._loop.Core.Samplers.TryCreate(policy, out var sampler)
            ? sampler
            : throw new InvalidOperationException(
                $"A node has at most {SamplerSet.DefaultCapacity} samplers; dispose those not used any more.");

    /// <summary>Waits until the view holds so many peers.</summary>
    /// <param name="count">From 1 to the view size.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException">The view can never hold so many.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the node stopped.</exception>
    /// <exception cref="IdConflictException">
    /// The node stopped, or stops now, because another one has its id; only with
    /// <see cref="IdConflictAction.Stop"/>.
    /// </exception>
    public Task WaitForPeersAsync(int count = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _options.Sampling.ViewSize);
        return Running._events.WaitForPeersAsync(count, cancellation);
    }

    /// <summary>
    /// The changes of the view from now on, after one <see cref="ViewChangeKind.Added"/> for each peer that is in it. A
    /// reader that is too slow gets a <see cref="ViewChangeKind.Lagged"/> in place of what it missed.
    /// </summary>
    /// <param name="cancellation">Ends the sequence with an exception; the node's end ends it normally.</param>
    /// <exception cref="InvalidOperationException">Too many watchers.</exception>
    public IAsyncEnumerable<ViewChange> WatchViewAsync(CancellationToken cancellation = default) =>
        Running._events.WatchViewAsync(cancellation);

    /// <summary>The events that the node's protocols publish from now on.</summary>
    /// <param name="cancellation">Ends the sequence with an exception; the node's end ends it normally.</param>
    /// <exception cref="InvalidOperationException">Too many watchers.</exception>
    public IAsyncEnumerable<ProtocolEvent> WatchEventsAsync(CancellationToken cancellation = default) =>
        Running._events.WatchEventsAsync(cancellation);

    /// <summary>Hands a command to one of the node's protocols.</summary>
    /// <returns>False if the node runs no protocol of that id, or too many commands wait already.</returns>
    public bool Post(byte protocol, object command) =>
        Running._options.Protocols.Any(running => running.Id == protocol)
        && _loop.Post((core, now) => core.Post(now, protocol, command));

    /// <summary>Changes the metadata others find on <see cref="Peer"/>; raises the incarnation.</summary>
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
    /// The metadata of a peer: what the sample carries, else what is in the node's cache, else fetched from its owner.
    /// </summary>
    /// <returns>The metadata, or null if the owner did not answer in time.</returns>
    public ValueTask<ReadOnlyMemory<byte>?> GetMetadataAsync(in Peer peer, CancellationToken cancellation = default)
    {
        var events = Running._events;
        return peer.HasMetadata ? new(peer.Metadata) : events.FetchMetadataAsync(peer, cancellation);
    }

    /// <summary>Contacts nodes at once, whether this node has peers or not.</summary>
    /// <param name="contacts">
    /// Each <c>HOST[:PORT]</c>, at most 32; those that cannot be resolved now are passed over. Names, the last 32 of
    /// all calls, are resolved again later as those of <see cref="GossipNodeOptions.Seeds"/> are.
    /// </param>
    /// <param name="cancellation">Stops resolving.</param>
    /// <exception cref="ArgumentException">One of them is no address of a node; the message names it.</exception>
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
    /// Changes where others reach this node, for instance after a change of network; raises the incarnation. From then
    /// on the node does not look for addresses of its own any more.
    /// </summary>
    /// <param name="advertise">As <see cref="GossipNodeOptions.Advertise"/>.</param>
    /// <param name="cancellation">Stops resolving.</param>
    /// <exception cref="ArgumentException">The text is no address, or a name that is not known.</exception>
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
    /// Hands over what was published here, tells the neighbours that this node leaves, and stops it; completes when
    /// its port is free, within <see cref="GossipNodeOptions.LeaveTimeout"/> and some seconds. More calls wait for the
    /// first.
    /// </summary>
    /// <returns>What no other node is known to have.</returns>
    public Task<LeaveResult> LeaveAsync() => StopAsync(leave: true);

    /// <summary>Leaves, as <see cref="LeaveAsync"/>, and frees everything.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(leave: true).ConfigureAwait(false);

    /// <summary>Stops without a word, as a crash would: for experiments.</summary>
    internal Task CrashAsync() => StopAsync(leave: false);

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
