namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>How the writes of a replicated map spread.</summary>
internal enum ReplicateMode
{
    /// <summary>By broadcast, which chooses who gets payloads at once; heartbeats mend what it loses.</summary>
    Auto,

    /// <summary>By broadcast over a tree, with the names of messages over the other links; heartbeats likewise.
    /// </summary>
    Hybrid,

    /// <summary>By heartbeats alone.</summary>
    Pull,

    /// <summary>A comparator: classic deltas over the links of the neighbours.</summary>
    Deltas,

    /// <summary>A comparator: deltas that do not go back where they came from, and of which only what is new goes on.
    /// </summary>
    Bprr,
}
