namespace Hearsay.Hosting;

/// <summary>
/// The options of a node that the host runs. It is the mutable form of <see cref="GossipNodeOptions"/> and
/// <see cref="PeerSamplingOptions"/>, for binding to configuration. Those types document the trade-offs of each option.
/// An option that is not set keeps the value of the preset.
/// </summary>
/// <remarks>
/// The options are validated when the host starts. An error names the option and its range. The node takes its clock,
/// its log, its meter, its protocols and an in-memory network from the services: <see cref="TimeProvider"/>,
/// <c>ILoggerFactory</c>, <c>IMeterFactory</c>, every <see cref="Protocols.IProtocol"/>, and
/// <see cref="MemoryNetwork"/>.
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

    /// <summary>A directory that only this node uses, in which its id outlives the process.</summary>
    /// <value>Default null: a new id at every start.</value>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// What the node does when another node, which has run for longer, uses the same id. This happens, for instance,
    /// when a data directory was copied. If the node stops, the host stops as well.
    /// </summary>
    /// <value>Default <see cref="IdConflictAction.Renew"/>.</value>
    public IdConflictAction OnIdConflict { get; set; } = new GossipNodeOptions().OnIdConflict;

    /// <summary>
    /// What the node tells others about itself, as UTF-8 text. Metadata that is not text can be set on the running
    /// node.
    /// </summary>
    /// <value>Default null: nothing. At most 256 bytes.</value>
    public string? Metadata { get; set; }

    /// <summary>The name of the sampling preset that the options below change.</summary>
    /// <value>
    /// Default <c>recommended</c>. One of <c>blind healer swapper recommended newscast cyclon lan wan</c>.
    /// </value>
    public string Preset { get; set; } = "recommended";

    /// <summary>See <see cref="PeerSamplingOptions.Selection"/>.</summary>
    /// <value>Default null: the preset's. Rand, Tail or Head.</value>
    public PeerSelection? Selection { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.Propagation"/>.</summary>
    /// <value>Default null: the preset's. PushPull, Push or Pull.</value>
    public Propagation? Propagation { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.ViewSize"/>.</summary>
    /// <value>Default null: the preset's. Even, from 4 to 256.</value>
    public int? ViewSize { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.Healing"/>.</summary>
    /// <value>Default null: the preset's. From 0 to ViewSize/2.</value>
    public int? Healing { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.Swap"/>.</summary>
    /// <value>Default null: the preset's. From 0 to ViewSize/2 - Healing.</value>
    public int? Swap { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.ShuffleLength"/>.</summary>
    /// <value>Default null: the preset's. From 2 to ViewSize.</value>
    public int? ShuffleLength { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.CycleTime"/>.</summary>
    /// <value>Default null: the preset's. From 10 ms to 1 h.</value>
    public TimeSpan? CycleTime { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.Jitter"/>.</summary>
    /// <value>Default null: the preset's. From 0 to 0.5.</value>
    public double? Jitter { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.Fanout"/>.</summary>
    /// <value>Default null: the preset's. From 1 to ViewSize.</value>
    public int? Fanout { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.TriesPerCycle"/>.</summary>
    /// <value>Default null: the preset's. From 1 to 8.</value>
    public int? TriesPerCycle { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.EvictOnTimeout"/>.</summary>
    /// <value>Default null: the preset's.</value>
    public bool? EvictOnTimeout { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.MinimumTimeout"/>.</summary>
    /// <value>Default null: the preset's. At least 1 ms.</value>
    public TimeSpan? MinimumTimeout { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.MaximumTimeout"/>.</summary>
    /// <value>Default null: the preset's. Shorter than CycleTime.</value>
    public TimeSpan? MaximumTimeout { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.QuarantineAfter"/>.</summary>
    /// <value>Default null: the preset's. From 1 to 16.</value>
    public int? QuarantineAfter { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.QuarantineCycles"/>.</summary>
    /// <value>Default null: the preset's. From 1 to 10,000.</value>
    public int? QuarantineCycles { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.RecontactCycles"/>.</summary>
    /// <value>Default null: the preset's. From 1 to 100,000.</value>
    public int? RecontactCycles { get; set; }

    /// <summary>See <see cref="PeerSamplingOptions.TableCapacity"/>.</summary>
    /// <value>Default null: the preset's. From 4 x ViewSize + 64 to 65,535.</value>
    public int? TableCapacity { get; set; }

    /// <summary>
    /// Whether the node runs broadcast, which topics need; see <see cref="GossipNodeOptions.Broadcast"/>.
    /// </summary>
    /// <value>Default true.</value>
    public bool Broadcast { get; set; } = true;

    /// <summary>See <see cref="NeighbourOptions.ActiveSize"/>.</summary>
    /// <value>Default null: 5. From 2 to 32.</value>
    public int? ActiveNeighbours { get; set; }

    /// <summary>See <see cref="Protocols.BroadcastOptions.Retention"/>.</summary>
    /// <value>Default null: 60 s. From 1 s to 1 h.</value>
    public TimeSpan? BroadcastRetention { get; set; }

    /// <summary>
    /// See <see cref="GossipNodeOptions.LeaveTimeout"/>. The shutdown timeout of the host limits it as well.
    /// </summary>
    /// <value>Default null: 20 s. From 0 to 10 min.</value>
    public TimeSpan? LeaveTimeout { get; set; }

    /// <summary>Whether the node runs aggregation; see <see cref="GossipNodeOptions.Aggregation"/>.</summary>
    /// <value>Default true.</value>
    public bool Aggregation { get; set; } = true;

    /// <summary>
    /// See <see cref="AggregationOptions.CycleTime"/>. All nodes of a cluster must have the same value.
    /// </summary>
    /// <value>Default null: that of <see cref="AggregationOptions.Default"/>. From 10 ms to 1 h.</value>
    public TimeSpan? AggregationCycleTime { get; set; }

    /// <summary>
    /// See <see cref="AggregationOptions.CyclesPerEpoch"/>. All nodes of a cluster must have the same value.
    /// </summary>
    /// <value>Default null: 30. From 4 to 10,000.</value>
    public int? CyclesPerEpoch { get; set; }

    /// <summary>
    /// The options of rumors; see <see cref="GossipNodeOptions.Rumors"/>. In configuration, <c>true</c> in place of a
    /// section takes the defaults.
    /// </summary>
    /// <value>Default null: the node runs no rumor mongering.</value>
    public RumorOptions? Rumors { get; set; }
}
