namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What became of an event that came from another node.</summary>
internal enum ApplyOutcome
{
    /// <summary>It is applied and committed.</summary>
    Applied,

    /// <summary>It was seen before.</summary>
    AlreadySeen,

    /// <summary>It replaces something that was not seen here: an exchange will bring both.</summary>
    LeftToExchange,

    /// <summary>
    /// There are too many epochs, or too many gaps in its own. If it is not one of a flood, an exchange will bring it.
    /// </summary>
    NoRoom,

    /// <summary>It is malformed.</summary>
    Refused,

    /// <summary>The store did not take it.</summary>
    StoreFailed,
}
