namespace Hearsay;

/// <summary>
/// The counters of replicated maps on one node since it started. They only grow. The event loop writes them, and any
/// thread may read them.
/// </summary>
public sealed class MapCounters
{
    /// <summary>Writes, removals and batches of this node.</summary>
    public long Written { get; internal set; }

    /// <summary>Batches of rows that this node has removed because they had expired. They count as written, too.
    /// </summary>
    public long Expired { get; internal set; }

    /// <summary>
    /// Whether the clock of this node is further from the median of its peers' clocks than
    /// <see cref="MapOptions.ClockTolerance"/>. As long as it is, this node does not remove expired rows.
    /// </summary>
    public bool IsClockOff { get; internal set; }

    /// <summary>Events of other nodes that came by broadcast and were applied.</summary>
    public long Applied { get; internal set; }

    /// <summary>Events of other nodes that came by broadcast and were known already.</summary>
    public long AlreadySeen { get; internal set; }

    /// <summary>
    /// Events that came before something that they replace. They wait for it, up to 1,024 of them and 1 MiB per map;
    /// beyond that, an exchange brings both.
    /// </summary>
    public long LeftToExchange { get; internal set; }

    /// <summary>Events of this node that were too large for broadcast, or that broadcast did not accept.</summary>
    public long NotPushed { get; internal set; }

    /// <summary>Heartbeats sent, counted per map.</summary>
    public long HeartbeatsSent { get; internal set; }

    /// <summary>Heartbeats received that showed a difference, counted per map.</summary>
    public long Differences { get; internal set; }

    /// <summary>Exchanges of this node that were completed: differences of contexts.</summary>
    public long ContextExchanges { get; internal set; }

    /// <summary>Exchanges of this node that were completed: by a sketch.</summary>
    public long SketchExchanges { get; internal set; }

    /// <summary>Exchanges of this node that were completed: by a list of digests.</summary>
    public long DigestExchanges { get; internal set; }

    /// <summary>Exchanges of this node that were completed: whole maps.</summary>
    public long SnapshotExchanges { get; internal set; }

    /// <summary>Rows that came with exchanges, completed or not.</summary>
    public long RowsReceived { get; internal set; }

    /// <summary>Exchanges of this node that were begun.</summary>
    public long ExchangesBegun { get; internal set; }

    /// <summary>Exchanges of this node that were not completed. They had no effect.</summary>
    public long ExchangesCut { get; internal set; }

    /// <summary>Exchanges that brought no row, because all missing events were new and broadcast was bringing
    /// them.</summary>
    public long LeftToBroadcast { get; internal set; }

    /// <summary>Exchanges in which this node answered.</summary>
    public long ExchangesServed { get; internal set; }

    /// <summary>
    /// Exchanges whose rows did not add up to the root that the peer had stated. None of their rows were used.
    /// </summary>
    public long RootMismatches { get; internal set; }

    /// <summary>Exchanges given up because they would bring more than the options allow.</summary>
    public long TooLarge { get; internal set; }

    /// <summary>Questions refused because too many exchanges were open.</summary>
    public long Refused { get; internal set; }

    /// <summary>Bytes of the bodies of all frames received.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Bytes of the bodies of all frames sent.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Frames and events dropped because they could not be decoded.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Frames dropped because the address of their sender was not proven yet.</summary>
    public long Unproven { get; internal set; }

    /// <summary>Frames dropped because they belong to no exchange of this node, or came twice.</summary>
    public long Strays { get; internal set; }

    /// <summary>Maps of other nodes that are not held here because there are too many.</summary>
    public long MapsRefused { get; internal set; }

    /// <summary>
    /// Events of broadcast that were not taken because they begin another epoch, and too many epochs are open of nodes
    /// that this node has never met; or because a map has too many epochs or gaps altogether. What a node has really
    /// written comes by an exchange with it.
    /// </summary>
    public long EventsRefused { get; internal set; }

    /// <summary>
    /// Exchanges that were not taken because the map would have had more epochs than a node can tell another.
    /// </summary>
    public long ContextsRefused { get; internal set; }

    /// <summary>Times when a map stopped trusting its own rows, because one was damaged.</summary>
    public long TrustLost { get; internal set; }

    /// <summary>Times when a store failed.</summary>
    public long StoreFailures { get; internal set; }
}
