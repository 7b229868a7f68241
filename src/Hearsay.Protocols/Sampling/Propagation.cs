namespace Hearsay;

/// <summary>The direction in which descriptors travel in an exchange (TOCS 2007, section 2.2).</summary>
public enum Propagation
{
    /// <summary>
    /// Both directions: the node sends its buffer and receives the partner's. This spreads the load of a growing or
    /// churning network, and costs one more datagram of descriptors than push or pull.
    /// </summary>
    PushPull,

    /// <summary>
    /// Only from the node to its partner, which acknowledges. This takes half the descriptors on the wire. In a growing
    /// network the first nodes stay hubs for hundreds of cycles, and the overlay can partition.
    /// </summary>
    Push,

    /// <summary>
    /// Only from the partner to the node. The node never inserts itself anywhere, so the overlay collapses to a star.
    /// For study.
    /// </summary>
    Pull,
}
