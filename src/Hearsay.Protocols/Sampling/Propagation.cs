namespace Hearsay;

/// <summary>Which way descriptors travel in an exchange (TOCS 2007, section 2.2).</summary>
public enum Propagation
{
    /// <summary>
    /// Both ways: the node sends its buffer and receives the partner's. Spreads the load of a growing or churning
    /// network and costs one more datagram of descriptors than push or pull.
    /// </summary>
    PushPull,

    /// <summary>
    /// Only from the node to its partner, which acknowledges. Half the descriptors on the wire; in a growing network
    /// the first nodes stay hubs for hundreds of cycles and the overlay can partition.
    /// </summary>
    Push,

    /// <summary>
    /// Only from the partner to the node. The node never inserts itself anywhere, so the overlay collapses to a star:
    /// for study.
    /// </summary>
    Pull,
}
