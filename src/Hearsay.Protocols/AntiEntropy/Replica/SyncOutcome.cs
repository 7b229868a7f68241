namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What has become of the transactions that were not durable.</summary>
internal enum SyncOutcome
{
    /// <summary>All are durable.</summary>
    Done,

    /// <summary>Some are being made durable. Nothing that follows from these may leave.</summary>
    Waiting,

    /// <summary>
    /// The store could not take some, and they are as if they had never been. The replica is as it was before them.
    /// </summary>
    Undone,

    /// <summary>The store failed, and nobody knows what it has: the replica must be opened anew.</summary>
    Failed,
}
