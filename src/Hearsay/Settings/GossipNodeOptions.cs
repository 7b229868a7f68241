using System.Diagnostics.Metrics;
using Hearsay.Addresses;
using Hearsay.Protocols;
using Microsoft.Extensions.Logging;

namespace Hearsay;

/// <summary>
/// The options with which a node is started. Immutable. With the defaults a node is reachable from this machine only.
/// </summary>
/// <remarks>A feature adds its section in a part of this type, which is in the folder of the feature.</remarks>
public sealed partial record GossipNodeOptions
{
    /// <summary>
    /// The port that <see cref="Bind"/> and <see cref="Seeds"/> use where they give none.
    /// </summary>
    public const int DefaultPort = 7946;

    /// <summary>The maximum number of protocols of the application.</summary>
    public const int MaximumProtocols = 32;

    /// <summary>The default of <see cref="LeaveTimeout"/>.</summary>
    public static readonly TimeSpan DefaultLeaveTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The maximum number of seeds.</summary>
    public const int MaximumSeeds = 32;

    /// <summary>
    /// The address on which the node listens, for UDP and TCP on the same port: <c>ADDRESS[:PORT]</c> with an address
    /// of this machine. Port 0 takes a free port. Without a port it is <see cref="DefaultPort"/>. <c>0.0.0.0</c>
    /// listens on all IPv4 addresses, <c>[::]</c> on all of both families. <see cref="WithBind"/> sets it from an
    /// endpoint.
    /// </summary>
    /// <value>
    /// Default <c>127.0.0.1:7946</c>: packets are not authenticated unless <see cref="Security"/> says so, so a node is
    /// open to other machines only if you ask for it.
    /// </value>
    public string Bind { get; init; } = "127.0.0.1:7946";

    /// <summary>
    /// The address at which others reach this node: <c>HOST[:PORT]</c>, or two of these separated by a comma, one of
    /// each family. A name is resolved once, at the start. Port 0, or no port, means the bound port.
    /// <see cref="WithAdvertise"/> sets it from endpoints.
    /// </summary>
    /// <value>
    /// Default null: the address of <see cref="Bind"/>. If that means every address, the node chooses one. It prefers
    /// the address from which packets leave to the first seed that is not on this machine, then that of the default
    /// route, then that of any interface, with container bridges last. It chooses one of each family if
    /// <see cref="Bind"/> is <c>[::]</c> and the host has both. It chooses again when the interfaces change, and warns
    /// if it finds nothing but loopback.
    /// </value>
    public string? Advertise { get; init; }

    /// <summary>
    /// The nodes through which this node joins, each <c>HOST[:PORT]</c> with an address or a DNS name. Without a port
    /// it is <see cref="DefaultPort"/>. The node keeps trying for ever, and resolves names again for as long as it
    /// runs: at every attempt to join, and afterwards about every <see cref="PeerSamplingOptions.RecontactCycles"/>
    /// cycles, 15 s at least, so that groups which started while a name was incomplete find each other. A name that
    /// fails is tried again after 1 s to 1 min. A node without seeds waits to be found. <see cref="WithSeeds"/> sets
    /// them from endpoints.
    /// </summary>
    /// <value>Default none; at most 32. They may name the node itself.</value>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>The name of the cluster. Nodes of different clusters never mix, even if addresses are reused.</summary>
    /// <value>Default <c>default</c>. From 1 to 255 characters.</value>
    public string Cluster { get; init; } = "default";

    /// <summary>
    /// How packets are protected, the same on all nodes of the cluster: <see cref="ClusterSecurity.FromKeyring"/>
    /// encrypts and authenticates them with a key that the nodes share, <see cref="ClusterSecurity.FromIdentity"/> with
    /// keys of each node.
    /// </summary>
    /// <value>
    /// Default <see cref="ClusterSecurity.Open"/>: packets are not protected. An open node warns if it listens beyond
    /// this machine.
    /// </value>
    public ClusterSecurity Security { get; init; } = ClusterSecurity.Open;

    /// <summary>
    /// A directory that only this node uses, in which its id and incarnation outlive the process. Two processes cannot
    /// share one.
    /// </summary>
    /// <value>Default null: a new id at every start.</value>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// What this node does when another node, which has run for longer, uses the same id. This happens when the data
    /// directory or the disk of one node was copied to the other.
    /// </summary>
    /// <value>
    /// Default <see cref="IdConflictAction.Renew"/>: it takes a new id, stores it, logs the change, and joins anew.
    /// With <see cref="IdConflictAction.Stop"/> it stops. <see cref="GossipNode.Completion"/> then fails with
    /// <see cref="IdConflictException"/>. All pending and later calls fail with an
    /// <see cref="ObjectDisposedException"/> that has it as inner exception. In mode identity it always stops: its id
    /// is the hash of its keys, and the other node has proven to have them.
    /// </value>
    /// <remarks>
    /// <see cref="GossipNode.StartAsync"/> does not wait for other nodes, so the id of the node that it returns may
    /// turn out to be taken. If the node joins through the older node itself, the first answer says so, and
    /// <see cref="GossipNode.WaitForPeersAsync"/> fails. If it joins through others, it may have peers before it hears
    /// of the older node, usually within a cycle or two: watch <see cref="GossipNode.Completion"/>.
    /// </remarks>
    public IdConflictAction OnIdConflict { get; init; } = IdConflictAction.Renew;

    /// <summary>
    /// What the node tells others about itself, for instance the ports of the application's services.
    /// </summary>
    /// <value>Default empty. At most 256 bytes; small metadata travels with every descriptor.</value>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>The options of peer sampling.</summary>
    /// <value>Default <see cref="PeerSamplingOptions.Recommended"/>.</value>
    public PeerSamplingOptions Sampling { get; init; } = PeerSamplingOptions.Recommended;

    /// <summary>
    /// How long <see cref="GossipNode.LeaveAsync"/> and <see cref="GossipNode.DisposeAsync"/> may take to hand over
    /// messages that were published here in the last minute and that no neighbour has yet, and to tell rumors that have
    /// just begun here. They end sooner if there is no progress for 5 s, or if no other node is there.
    /// </summary>
    /// <value>
    /// Default 20 s, which a payload of 16 MiB needs at 1 MB/s. From 0 (leave at once) to 10 min.
    /// </value>
    public TimeSpan LeaveTimeout { get; init; } = DefaultLeaveTimeout;

    /// <summary>The protocols of the application. Their handlers run inside the node's event loop.</summary>
    /// <value>Default none. At most 32, each with an id of its own from 128 to 255.</value>
    public IReadOnlyList<IProtocol> Protocols { get; init; } = [];

    /// <summary>The node's clock and timers.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The factory of the loggers that the node writes to, outside its event loop.</summary>
    /// <value>Default null: the node does not log.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Creates the meter <c>Hearsay</c>, which shows the counters of this node. Nodes that share a factory share its
    /// meter, which then shows their sums.
    /// </summary>
    /// <value>Default null: the meter of the process, which all nodes without a factory share.</value>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>A network inside the process that replaces sockets, for tests.</summary>
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
