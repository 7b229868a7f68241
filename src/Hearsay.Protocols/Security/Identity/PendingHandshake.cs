namespace Hearsay.Protocols.Security.Identity;

/// <summary>A handshake that this node has begun.</summary>
internal sealed class PendingHandshake
{
    /// <summary>This node's number of the session that it leads to; 0 if the place is free.</summary>
    public uint Own { get; set; }

    /// <summary>With whom; none for whoever lives at the address.</summary>
    public NodeId Peer { get; set; }

    /// <summary>Where to.</summary>
    public Link To { get; set; }

    /// <summary>The number of the latest hello, and what a demand for a cookie carries.</summary>
    public ulong Nonce { get; set; }

    /// <summary>When it began.</summary>
    public Instant BegunAt { get; set; }

    /// <summary>When its latest message was sent.</summary>
    public Instant SentAt { get; set; }

    /// <summary>Its state once message 1 was sent.</summary>
    public NoiseHandshake? Noise { get; set; }
}
