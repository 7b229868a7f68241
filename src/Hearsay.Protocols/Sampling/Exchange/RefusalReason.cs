namespace Hearsay.Protocols;

/// <summary>Why a node refuses a request and says so.</summary>
public enum RefusalReason : byte
{
    /// <summary>No reason that this version knows.</summary>
    None = 0,

    /// <summary>The asker belongs to another cluster.</summary>
    OtherCluster = 1,

    /// <summary>The asker uses the id of the node asked.</summary>
    SameId = 2,
}
