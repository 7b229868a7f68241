namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>The reason for which a node refuses a request.</summary>
internal enum RefusalReason : byte
{
    /// <summary>A reason that this version does not know.</summary>
    None = 0,

    /// <summary>The sender belongs to another cluster.</summary>
    OtherCluster = 1,

    /// <summary>The sender has the same id as the receiver.</summary>
    SameId = 2,
}
