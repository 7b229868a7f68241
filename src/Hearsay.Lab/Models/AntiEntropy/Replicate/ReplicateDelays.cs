namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>What delays packets.</summary>
internal enum ReplicateDelays
{
    /// <summary>Each link has a delay of its own, from 10 to 50 ms, as in the experiments with broadcast.</summary>
    Links,

    /// <summary>Each packet has a delay of its own, from 1 to 5 ms, so packets overtake each other all the time.
    /// </summary>
    Packets,
}
