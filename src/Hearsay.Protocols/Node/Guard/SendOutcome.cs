namespace Hearsay.Protocols.Node.Guard;

/// <summary>What became of a packet.</summary>
internal enum SendOutcome : byte
{
    /// <summary>It was handed to the driver.</summary>
    Sent,

    /// <summary>
    /// It waits until its address has proven itself; an exchange of views does so where it was begun.
    /// </summary>
    Held,

    /// <summary>It was not sent, and will not be.</summary>
    Refused,
}
