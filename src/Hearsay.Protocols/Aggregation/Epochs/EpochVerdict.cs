namespace Hearsay.Protocols.Aggregation.Epochs;

/// <summary>What another node's epoch is to this one.</summary>
internal enum EpochVerdict : byte
{
    /// <summary>The same.</summary>
    Same,

    /// <summary>One that has passed here.</summary>
    Stale,

    /// <summary>A later one, to be followed.</summary>
    Ahead,

    /// <summary>A later one that is too far away to be believed.</summary>
    Far,

    /// <summary>
    /// A later one that comes before its time: too soon after another that did, or said by somebody who was not asked.
    /// </summary>
    Early,
}
