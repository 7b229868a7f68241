namespace Hearsay.Protocols.Aggregation.Epochs;

/// <summary>How far a node is with the epoch.</summary>
internal enum EpochPhase : byte
{
    /// <summary>It does not know which epoch it is.</summary>
    Joining,

    /// <summary>It knows, came too late to take part, and waits for the next.</summary>
    Waiting,

    /// <summary>It takes part.</summary>
    Running,
}
