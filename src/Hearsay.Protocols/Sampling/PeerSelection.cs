namespace Hearsay;

/// <summary>
/// With whom a node exchanges: which entry of its view it contacts in a cycle (TOCS 2007, section 2.2).
/// </summary>
public enum PeerSelection
{
    /// <summary>A uniform random entry.</summary>
    Rand,

    /// <summary>
    /// The oldest entry, ties at random. Contacts what was not heard of for longest, so dead entries are found first;
    /// without eviction on time-out it contacts the same dead entry for ever.
    /// </summary>
    Tail,

    /// <summary>
    /// The youngest entry, ties at random. For study: it tends to choose the partner of the last exchange again, so
    /// views become correlated.
    /// </summary>
    Head,
}
