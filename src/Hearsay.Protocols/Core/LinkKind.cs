namespace Hearsay.Protocols;

/// <summary>The two ways a packet travels.</summary>
public enum LinkKind : byte
{
    /// <summary>
    /// One datagram of at most 1,200 bytes; may be lost, doubled or reordered; the source may be spoofed.
    /// </summary>
    Datagram,

    /// <summary>
    /// A message on a connection, of at most 64 KiB; its source address has been validated by the handshake.
    /// </summary>
    Stream,
}
