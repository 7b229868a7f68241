namespace Hearsay;

/// <summary>
/// The choice of the partner: which entry of its view a node contacts in a cycle (TOCS 2007, section 2.2).
/// </summary>
public enum PeerSelection
{
    /// <summary>A uniform random entry.</summary>
    Rand,

    /// <summary>
    /// The oldest entry, ties at random. It is the one that has been silent for longest, so dead entries are detected
    /// first. Without eviction on time-out, the node contacts the same dead entry for ever.
    /// </summary>
    Tail,

    /// <summary>
    /// The youngest entry, ties at random. For study: it tends to be the partner of the last exchange, so views become
    /// correlated.
    /// </summary>
    Head,
}
