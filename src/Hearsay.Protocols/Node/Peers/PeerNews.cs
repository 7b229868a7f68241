namespace Hearsay.Protocols.Node.Peers;

/// <summary>What a <see cref="PeerTable"/> learned from a descriptor.</summary>
internal enum PeerNews
{
    /// <summary>A peer that the table did not know.</summary>
    New,

    /// <summary>A higher incarnation of a known peer. Its addresses and metadata were replaced.</summary>
    Newer,

    /// <summary>The known incarnation, with metadata that had been missing.</summary>
    Completed,

    /// <summary>The known incarnation. Nothing changed.</summary>
    Same,

    /// <summary>A lower incarnation. Nothing changed.</summary>
    Stale,

    /// <summary>Nothing, since the table has no free place and every peer in it is pinned.</summary>
    NoRoom,
}
