namespace Hearsay.Protocols;

/// <summary>What a descriptor told a <see cref="PeerTable"/>.</summary>
public enum PeerNews
{
    /// <summary>A peer that was not known.</summary>
    New,

    /// <summary>A higher incarnation of a known peer: addresses and metadata were replaced.</summary>
    Newer,

    /// <summary>The known incarnation, with metadata that was missing.</summary>
    Completed,

    /// <summary>The known incarnation: what is there stays.</summary>
    Same,

    /// <summary>A lower incarnation: nothing changed.</summary>
    Stale,

    /// <summary>Every place is pinned.</summary>
    NoRoom,
}
