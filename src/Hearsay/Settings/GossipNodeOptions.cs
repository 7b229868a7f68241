using Hearsay.Addresses;
using Hearsay.Protocols;
using Microsoft.Extensions.Logging;

namespace Hearsay;

/// <summary>
/// How a node is started. Immutable; every option has a default that starts a node on this machine only.
/// </summary>
public sealed record GossipNodeOptions
{
    /// <summary>
    /// The port of <see cref="Bind"/> and <see cref="Seeds"/> where none is given.
    /// </summary>
    public const int DefaultPort = 7946;

    /// <summary>The most protocols of the application.</summary>
    public const int MaximumProtocols = 32;

    /// <summary>The <see cref="LeaveTimeout"/> where none is given.</summary>
    public static readonly TimeSpan DefaultLeaveTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The most seeds.</summary>
    public const int MaximumSeeds = 32;

    /// <summary>
    /// Where to listen, UDP and TCP on the same port: <c>ADDRESS[:PORT]</c> with an address of this machine. Port 0
    /// takes a free one; without a port it is <see cref="DefaultPort"/>. <c>0.0.0.0</c> listens on all IPv4 addresses,
    /// <c>[::]</c> on all of both families.
    /// </summary>
    /// <value>
    /// Default <c>127.0.0.1:7946</c>: packets are not authenticated yet, so nothing else is open unasked.
    /// </value>
    public string Bind { get; init; } = "127.0.0.1:7946";

    /// <summary>
    /// Where others reach this node: <c>HOST[:PORT]</c>, or two of them with a comma between, one of each family. A
    /// name is resolved once, at the start. Port 0 or none is the port bound.
    /// </summary>
    /// <value>
    /// Default null: what <see cref="Bind"/> says. Where that is every address, the node chooses: the address from
    /// which packets to the first seed leave that is not on this machine, else that of the default route, else of any
    /// interface, container bridges last; of both families where <see cref="Bind"/> is <c>[::]</c> and the host has
    /// both. It looks again when the interfaces change, and warns if it finds nothing but loopback.
    /// </value>
    public string? Advertise { get; init; }

    /// <summary>
    /// Nodes to join through, each <c>HOST[:PORT]</c> with an address or a DNS name; without a port it is
    /// <see cref="DefaultPort"/>. The node tries for ever, and names
    /// are resolved again for as long as it runs: at every attempt to join, and afterwards about every
    /// <see cref="PeerSamplingOptions.RecontactCycles"/> cycles, 15 s at least, so that groups which started while a
    /// name was incomplete find each other. A name that fails is tried again after 1 s to 1 min. A node without seeds
    /// waits to be found.
    /// </summary>
    /// <value>Default none; at most 32. They may name the node itself.</value>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>The cluster's name: nodes of different clusters never mix, even where addresses are reused.</summary>
    /// <value>Default <c>default</c>. From 1 to 255 characters.</value>
    public string Cluster { get; init; } = "default";

    /// <summary>
    /// A directory of this node's own, in which its id and incarnation outlive the process. Two processes cannot share
    /// one.
    /// </summary>
    /// <value>Default null: a new id at every start.</value>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// What this node does when it finds its id in use by another one that has run for longer: when the data directory
    /// or the disk of one was copied to the other.
    /// </summary>
    /// <value>
    /// Default <see cref="IdConflictAction.Renew"/>: it takes a new id, stores it, says so, and joins anew. With
    /// <see cref="IdConflictAction.Stop"/> it stops: <see cref="GossipNode.Completion"/>, all that waits for the node
    /// and all that is asked of it later fail with <see cref="IdConflictException"/>.
    /// </value>
    /// <remarks>
    /// <see cref="GossipNode.StartAsync"/> does not wait for others, so it returns a node whose id may turn out to be
    /// taken. Who joins through the older node itself is told by its first answer, and
    /// <see cref="GossipNode.WaitForPeersAsync"/> fails. Who joins through others may have peers before it hears of the
    /// older node, mostly within a cycle or two: watch <see cref="GossipNode.Completion"/>.
    /// </remarks>
    public IdConflictAction OnIdConflict { get; init; } = IdConflictAction.Renew;

    /// <summary>What the node tells others of itself, for instance the ports of the application's services.</summary>
    /// <value>Default empty. At most 256 bytes; small metadata travels with every descriptor.</value>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>The knobs of peer sampling.</summary>
    /// <value>Default <see cref="PeerSamplingOptions.Recommended"/>.</value>
    public PeerSamplingOptions Sampling { get; init; } = PeerSamplingOptions.Recommended;

    /// <summary>The knobs of broadcast, behind <see cref="GossipNode.Topic"/>.</summary>
    /// <value>
    /// Default <see cref="BroadcastOptions"/> as they come; null runs none, and this node passes nothing on. All nodes
    /// of a cluster should run it.
    /// </value>
    public BroadcastOptions? Broadcast { get; init; } = new();

    /// <summary>
    /// How long <see cref="GossipNode.LeaveAsync"/> and <see cref="GossipNode.DisposeAsync"/> may take to hand over
    /// what was published here in the last minute and no neighbour has yet. They end sooner when nothing gets on for
    /// 5 s, or nobody is there.
    /// </summary>
    /// <value>
    /// Default 20 s, which a payload of 16 MiB needs at 1 MB/s. From 0 (leave at once) to 10 min.
    /// </value>
    public TimeSpan LeaveTimeout { get; init; } = DefaultLeaveTimeout;

    /// <summary>The knobs of the stable neighbours that broadcast stands on.</summary>
    /// <value>Default <see cref="NeighbourOptions"/> as they come; no effect without <see cref="Broadcast"/>.</value>
    public NeighbourOptions Neighbours { get; init; } = new();

    /// <summary>The knobs of aggregation, behind <see cref="GossipNode.Aggregate"/>.</summary>
    /// <value>
    /// Default <see cref="AggregationOptions.Default"/>; null runs none, and this node answers nobody's. All nodes of a
    /// cluster should say the same.
    /// </value>
    public AggregationOptions? Aggregation { get; init; } = AggregationOptions.Default;

    /// <summary>Protocols of the application; they run inside the node's event loop.</summary>
    /// <value>Default none; at most 32, each with an id of its own from 128 to 255.</value>
    public IReadOnlyList<IProtocol> Protocols { get; init; } = [];

    /// <summary>The node's clock and timers.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the node logs; calls to it are made outside the event loop.</summary>
    /// <value>Default null: it does not log.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>A network inside the process in place of sockets, for tests.</summary>
    /// <value>Default null: sockets.</value>
    public MemoryNetwork? Network { get; init; }

    /// <summary>The interfaces of the host.</summary>
    /// <value>Default those of the operating system.</value>
    internal IHostNetwork Host { get; init; } = HostNetwork.System;

    /// <summary>Looks up the names of seeds and contacts.</summary>
    /// <value>Default the process's.</value>
    internal NameResolver Names { get; init; } = NameResolver.Shared;

    /// <summary>The seed of the node's random choices.</summary>
    /// <value>Default null: from the operating system. Set it only in tests.</value>
    public ulong? RandomSeed { get; init; }
}
