namespace Hearsay.Protocols;

/// <summary>The two ways in which a packet travels.</summary>
public enum LinkKind : byte
{
    /// <summary>
    /// In one datagram of at most 1,200 bytes. It may be lost, duplicated or reordered, and its source may be spoofed.
    /// </summary>
    Datagram,

    /// <summary>
    /// As a message of at most 64 KiB on a connection. The handshake has validated its source address.
    /// </summary>
    Stream,
}
