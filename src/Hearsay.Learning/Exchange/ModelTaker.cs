using Hearsay.Protocols;

namespace Hearsay.Learning.Exchange;

/// <summary>A peer that was offered a large model, and how many bytes of it may still be sent there.</summary>
internal sealed class ModelTaker(in Peer peer, long bytes)
{
    /// <summary>The peer, as this node knows it: what is sent goes there, whoever asks in its name.</summary>
    public Peer Peer { get; } = peer;

    /// <summary>What may still be sent.</summary>
    public long BytesLeft { get; set; } = bytes;
}
