using Hearsay.Protocols;

namespace Hearsay.Hosting;

/// <summary>
/// The options of a node that the host runs. It is the mutable form of <see cref="GossipNodeOptions"/>, for binding to
/// configuration. Peer sampling and each feature have a section. The keys of a section are the property names of its
/// options record, which documents them. A key that is not set keeps its value.
/// </summary>
/// <remarks>
/// The options are validated when the host starts. An error names the option and its range. The node takes its clock,
/// its log, its meter, its protocols and an in-memory network from the services of the host:
/// <see cref="TimeProvider"/>, <c>ILoggerFactory</c>, <c>IMeterFactory</c>, every <see cref="IProtocol"/>, and
/// <see cref="MemoryNetwork"/>. If neither <see cref="Keyring"/> nor <see cref="Identity"/> is set, it takes its keys
/// from a <see cref="ClusterSecurity"/> service, for instance one whose keyring comes from a vault.
/// </remarks>
public sealed class HearsayOptions
{
    /// <summary>
    /// The address on which the node listens, for UDP and TCP on the same port: <c>ADDRESS[:PORT]</c>. Port 0 takes a
    /// free port. Without a port it is 7946.
    /// </summary>
    /// <value>Default <c>127.0.0.1:7946</c>.</value>
    public string Bind { get; set; } = new GossipNodeOptions().Bind;

    /// <summary>
    /// The address at which other nodes reach this node: <c>HOST[:PORT]</c>, or two of these separated by a comma, one
    /// of each family. Without a port it is the bound port.
    /// </summary>
    /// <value>
    /// Default null: the address of <see cref="Bind"/>. If that means every address, the node chooses one, as
    /// <see cref="GossipNodeOptions.Advertise"/> describes.
    /// </value>
    public string? Advertise { get; set; }

    /// <summary>The nodes through which this node joins, each <c>HOST[:PORT]</c>. Without a port it is 7946.</summary>
    /// <value>Default none; at most 32.</value>
    public IList<string> Seeds { get; } = [];

    /// <summary>The name of the cluster. Nodes of different clusters never mix.</summary>
    /// <value>Default <c>default</c>. From 1 to 255 characters.</value>
    public string Cluster { get; set; } = new GossipNodeOptions().Cluster;

    /// <summary>
    /// A file with the keys that protect the packets of the cluster, the same on all nodes; see
    /// <see cref="ClusterSecurity.FromKeyring"/>. Nobody but its owner may be able to read it.
    /// </summary>
    /// <value>
    /// Default null: packets are not protected, unless the services have a <see cref="ClusterSecurity"/>.
    /// </value>
    public string? Keyring { get; set; }

    /// <summary>
    /// A file with the keys of this node; see <see cref="ClusterSecurity.FromIdentity"/>. Nobody but its owner may be
    /// able to read it. It needs <see cref="Token"/> and <see cref="Admission"/>, and excludes <see cref="Keyring"/>.
    /// </summary>
    /// <value>Default null: the node has no keys of its own.</value>
    public string? Identity { get; set; }

    /// <summary>The token that admits the node of <see cref="Identity"/>, or the path of the file with it.</summary>
    /// <value>Default null.</value>
    public string? Token { get; set; }

    /// <summary>The public admission key of the cluster, or the path of the file with it.</summary>
    /// <value>Default null.</value>
    public string? Admission { get; set; }

    /// <summary>A directory that only this node uses, in which its id outlives the process.</summary>
    /// <value>Default null: a new id at every start.</value>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// What the node does when another node, which has run for longer, uses the same id. This happens, for instance,
    /// when a data directory was copied. In mode identity it always stops. If the node stops, the host stops as well.
    /// </summary>
    /// <value>Default <see cref="IdConflictAction.Renew"/>.</value>
    public IdConflictAction OnIdConflict { get; set; } = new GossipNodeOptions().OnIdConflict;

    /// <summary>
    /// What the node tells others about itself, as UTF-8 text. Metadata that is not text can be set on the running
    /// node.
    /// </summary>
    /// <value>Default null: nothing. At most 256 bytes.</value>
    public string? Metadata { get; set; }

    /// <summary>
    /// The options of peer sampling. In configuration, the section takes a key <c>Preset</c> beside the names of
    /// <see cref="PeerSamplingOptions"/>: one of <c>blind healer swapper recommended newscast cyclon lan wan</c>, which
    /// the other keys change. A <c>ViewSize</c> adapts the preset as <see cref="PeerSamplingOptions.WithViewSize"/>
    /// does.
    /// </summary>
    /// <value>Default <see cref="PeerSamplingOptions.Recommended"/>.</value>
    public PeerSamplingOptions Sampling { get; set; } = PeerSamplingOptions.Recommended;

    /// <summary>
    /// The options of broadcast, which topics need; see <see cref="GossipNodeOptions.Broadcast"/>. In configuration,
    /// <c>false</c> in place of the section leaves it out.
    /// </summary>
    /// <value>Default <see cref="BroadcastOptions"/> with their defaults.</value>
    public BroadcastOptions? Broadcast { get; set; } = new();

    /// <summary>The options of the stable neighbours over which broadcast sends.</summary>
    /// <value>Default <see cref="NeighbourOptions"/> with their defaults.</value>
    public NeighbourOptions Neighbours { get; set; } = new();

    /// <summary>
    /// See <see cref="GossipNodeOptions.LeaveTimeout"/>. The shutdown timeout of the host limits it as well.
    /// </summary>
    /// <value>Default null: 20 s. From 0 to 10 min.</value>
    public TimeSpan? LeaveTimeout { get; set; }

    /// <summary>
    /// The options of aggregation; see <see cref="GossipNodeOptions.Aggregation"/>. In configuration, <c>false</c> in
    /// place of the section leaves it out; a <c>CycleTime</c> and <c>CyclesPerEpoch</c> adapt the other times as
    /// <see cref="AggregationOptions.WithCycles"/> does. All nodes of a cluster must have the same options.
    /// </summary>
    /// <value>Default <see cref="AggregationOptions.Default"/>.</value>
    public AggregationOptions? Aggregation { get; set; } = AggregationOptions.Default;

    /// <summary>
    /// The options of rumors; see <see cref="GossipNodeOptions.Rumors"/>. In configuration, <c>true</c> in place of a
    /// section takes the defaults.
    /// </summary>
    /// <value>Default null: the node runs no rumor mongering.</value>
    public RumorOptions? Rumors { get; set; }

    /// <summary>
    /// The options of requests; see <see cref="GossipNodeOptions.Requests"/>. In configuration, <c>false</c> in place
    /// of a section turns requests off.
    /// </summary>
    /// <value>Default: the default values of the record.</value>
    public RequestOptions? Requests { get; set; } = new();

    /// <summary>
    /// The options of replicated maps; see <see cref="GossipNodeOptions.Maps"/>. In configuration, <c>true</c> in place
    /// of a section takes the defaults.
    /// </summary>
    /// <value>Default null: the node holds no maps.</value>
    public MapOptions? Maps { get; set; }
}
