namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What a replica counts.</summary>
internal sealed class ReplicaCounters
{
    /// <summary>Events of others that were applied.</summary>
    public long Applied { get; set; }

    /// <summary>Events that came again.</summary>
    public long AlreadySeen { get; set; }

    /// <summary>Events that replace what was not seen here.</summary>
    public long LeftToExchange { get; set; }

    /// <summary>Events that were not taken because there are too many epochs, or too many gaps in theirs.</summary>
    public long NoRoom { get; set; }

    /// <summary>Exchanges that were not taken because there would be more epochs than peers can read.</summary>
    public long ContextsRefused { get; set; }

    /// <summary>Malformed events.</summary>
    public long Refused { get; set; }

    /// <summary>Rows that the store did not return, or whose digest did not hold.</summary>
    public long DamagedRows { get; set; }

    /// <summary>How often trust ended.</summary>
    public long TrustLost { get; set; }

    /// <summary>Exchanges that were completed.</summary>
    public long Exchanges { get; set; }

    /// <summary>Exchanges that could not be completed: trust ended meanwhile, or too much changed.</summary>
    public long ExchangesVoided { get; set; }

    /// <summary>Rows of one dot and path with different digests: somebody wrote under the same epoch.</summary>
    public long ConflictingDots { get; set; }

    /// <summary>Epochs that ended because somebody else writes in them, or the store failed.</summary>
    public long EpochsAbandoned { get; set; }

    /// <summary>Transactions that the store did not take.</summary>
    public long StoreFailures { get; set; }
}
