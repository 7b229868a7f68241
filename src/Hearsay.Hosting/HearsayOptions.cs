namespace Hearsay.Hosting;

/// <summary>
/// How the host starts a node: the mutable, bindable form of <see cref="GossipNodeOptions"/> and
/// <see cref="PeerSamplingOptions"/>, whose pages say what each option trades. What is not set keeps the preset's
/// value.
/// </summary>
/// <remarks>
/// Checked when the host starts; a message names the option and what is allowed. Clock, log, protocols and a network in
/// memory are taken from the services: <see cref="TimeProvider"/>, <c>ILoggerFactory</c>, every
/// <see cref="Protocols.IProtocol"/>, and <see cref="MemoryNetwork"/>.
/// </remarks>
public sealed class HearsayOptions
{
    /// <summary>
    /// Where to listen, UDP and TCP on the same port: <c>ADDRESS[:PORT]</c>; port 0 takes a free one, none is 7946.
    /// </summary>
    /// <value>Default <c>127.0.0.1:7946</c>.</value>
    public string Bind { get; set; } = new GossipNodeOptions().Bind;

    /// <summary>
    /// Where others reach this node: <c>HOST[:PORT]</c>, or one of each family with a comma between; without a port it
    /// is the one bound.
    /// </summary>
    /// <value>
    /// Default null: what <see cref="Bind"/> says; <see cref="GossipNodeOptions.Advertise"/> says what a node tells
    /// that listens on every address.
    /// </value>
    public string? Advertise { get; set; }

    /// <summary>Nodes to join through, each <c>HOST[:PORT]</c>; without a port it is 7946.</summary>
    /// <value>Default none; at most 32.</value>
    public IList<string> Seeds { get; } = [];

    /// <summary>The cluster's name: nodes of different clusters never mix.</summary>
    /// <value>Default <c>default</c>. From 1 to 255 characters.</value>
    public string Cluster { get; set; } = new GossipNodeOptions().Cluster;

    /// <summary>A directory of this node's own, in which its id outlives the process.</summary>
    /// <value>Default null: a new id at every start.</value>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// What the node does when another one has its id and has run for longer, for instance after the copy of a data
    /// directory; where it stops, the host stops as well.
    /// </summary>
    /// <value>Default <see cref="IdConflictAction.Renew"/>.</value>
    public IdConflictAction OnIdConflict { get; set; } = new GossipNodeOptions().OnIdConflict;

    /// <summary>
    /// What the node tells others of itself, as UTF-8 text; other bytes are set at run time on the node.
    /// </summary>
    /// <value>Default null: nothing. At most 256 bytes.</value>
    public string? Metadata { get; set; }

    /// <summary>The name of the sampling preset that the options below change.</summary>
    /// <value>
    /// Default <c>recommended</c>. One of <c>blind healer swapper recommended newscast cyclon lan wan</c>.
    /// </value>
    public string Preset { get; set; } = "recommended";

    /// <summary><see cref="PeerSamplingOptions.Selection"/>.</summary>
    /// <value>Default null: the preset's. Rand, Tail or Head.</value>
    public PeerSelection? Selection { get; set; }

    /// <summary><see cref="PeerSamplingOptions.Propagation"/>.</summary>
    /// <value>Default null: the preset's. PushPull, Push or Pull.</value>
    public Propagation? Propagation { get; set; }

    /// <summary><see cref="PeerSamplingOptions.ViewSize"/>.</summary>
    /// <value>Default null: the preset's. Even, from 4 to 256.</value>
    public int? ViewSize { get; set; }

    /// <summary><see cref="PeerSamplingOptions.Healing"/>.</summary>
    /// <value>Default null: the preset's. From 0 to ViewSize/2.</value>
    public int? Healing { get; set; }

    /// <summary><see cref="PeerSamplingOptions.Swap"/>.</summary>
    /// <value>Default null: the preset's. From 0 to ViewSize/2 - Healing.</value>
    public int? Swap { get; set; }

    /// <summary><see cref="PeerSamplingOptions.ShuffleLength"/>.</summary>
    /// <value>Default null: the preset's. From 2 to ViewSize.</value>
    public int? ShuffleLength { get; set; }

    /// <summary><see cref="PeerSamplingOptions.CycleTime"/>.</summary>
    /// <value>Default null: the preset's. From 10 ms to 1 h.</value>
    public TimeSpan? CycleTime { get; set; }

    /// <summary><see cref="PeerSamplingOptions.Jitter"/>.</summary>
    /// <value>Default null: the preset's. From 0 to 0.5.</value>
    public double? Jitter { get; set; }

    /// <summary><see cref="PeerSamplingOptions.Fanout"/>.</summary>
    /// <value>Default null: the preset's. From 1 to ViewSize.</value>
    public int? Fanout { get; set; }

    /// <summary><see cref="PeerSamplingOptions.TriesPerCycle"/>.</summary>
    /// <value>Default null: the preset's. From 1 to 8.</value>
    public int? TriesPerCycle { get; set; }

    /// <summary><see cref="PeerSamplingOptions.EvictOnTimeout"/>.</summary>
    /// <value>Default null: the preset's.</value>
    public bool? EvictOnTimeout { get; set; }

    /// <summary><see cref="PeerSamplingOptions.MinimumTimeout"/>.</summary>
    /// <value>Default null: the preset's. At least 1 ms.</value>
    public TimeSpan? MinimumTimeout { get; set; }

    /// <summary><see cref="PeerSamplingOptions.MaximumTimeout"/>.</summary>
    /// <value>Default null: the preset's. Shorter than CycleTime.</value>
    public TimeSpan? MaximumTimeout { get; set; }

    /// <summary><see cref="PeerSamplingOptions.QuarantineAfter"/>.</summary>
    /// <value>Default null: the preset's. From 1 to 16.</value>
    public int? QuarantineAfter { get; set; }

    /// <summary><see cref="PeerSamplingOptions.QuarantineCycles"/>.</summary>
    /// <value>Default null: the preset's. From 1 to 10,000.</value>
    public int? QuarantineCycles { get; set; }

    /// <summary><see cref="PeerSamplingOptions.RecontactCycles"/>.</summary>
    /// <value>Default null: the preset's. From 1 to 100,000.</value>
    public int? RecontactCycles { get; set; }

    /// <summary><see cref="PeerSamplingOptions.TableCapacity"/>.</summary>
    /// <value>Default null: the preset's. From 4 x ViewSize + 64 to 65,535.</value>
    public int? TableCapacity { get; set; }

    /// <summary>Whether topics work; see <see cref="GossipNodeOptions.Broadcast"/>.</summary>
    /// <value>Default true.</value>
    public bool Broadcast { get; set; } = true;

    /// <summary><see cref="NeighbourOptions.ActiveSize"/>.</summary>
    /// <value>Default null: 5. From 2 to 32.</value>
    public int? ActiveNeighbours { get; set; }

    /// <summary><see cref="Protocols.BroadcastOptions.Retention"/>.</summary>
    /// <value>Default null: 60 s. From 1 s to 1 h.</value>
    public TimeSpan? BroadcastRetention { get; set; }

    /// <summary>
    /// <see cref="GossipNodeOptions.LeaveTimeout"/>; what the host gives its services to stop counts as well.
    /// </summary>
    /// <value>Default null: 20 s. From 0 to 10 min.</value>
    public TimeSpan? LeaveTimeout { get; set; }

    /// <summary>Whether aggregates work; see <see cref="GossipNodeOptions.Aggregation"/>.</summary>
    /// <value>Default true.</value>
    public bool Aggregation { get; set; } = true;

    /// <summary><see cref="AggregationOptions.CycleTime"/>; the same on all nodes.</summary>
    /// <value>Default null: that of <see cref="AggregationOptions.Default"/>. From 10 ms to 1 h.</value>
    public TimeSpan? AggregationCycleTime { get; set; }

    /// <summary><see cref="AggregationOptions.CyclesPerEpoch"/>; the same on all nodes.</summary>
    /// <value>Default null: 30. From 4 to 10,000.</value>
    public int? CyclesPerEpoch { get; set; }

    /// <summary>
    /// The section of rumors; see <see cref="GossipNodeOptions.Rumors"/>. In configuration, <c>true</c> in place of a
    /// section takes the defaults.
    /// </summary>
    /// <value>Default null: the node runs no rumor mongering.</value>
    public RumorOptions? Rumors { get; set; }
}
