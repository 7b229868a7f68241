namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What became of a write.</summary>
internal enum WriteOutcome
{
    /// <summary>It is committed, and leaves with the next sync.</summary>
    Committed,

    /// <summary>There is nothing to do: a removal where nothing is.</summary>
    Nothing,

    /// <summary>
    /// It has too many changes, or two for one path; or there is no room for another epoch in what peers can read.
    /// </summary>
    Refused,

    /// <summary>What this epoch has added to a counter, or subtracted, would have more than 64 bits.</summary>
    CounterFull,

    /// <summary>A row that it needs is damaged; trust has ended, and it may be tried again.</summary>
    Damaged,

    /// <summary>The store did not take it, or this is unknown. Its number is never used again.</summary>
    StoreFailed,

    /// <summary>Nothing was written: too many writes wait for other nodes already.</summary>
    Busy,
}
