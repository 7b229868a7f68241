namespace Hearsay.Protocols;

/// <summary>What became of a packet.</summary>
internal enum SendOutcome : byte
{
    /// <summary>It was handed to the driver.</summary>
    Sent,

    /// <summary>It waits until its address has proven itself.</summary>
    Held,

    /// <summary>It was not sent, and will not be.</summary>
    Refused,
}
