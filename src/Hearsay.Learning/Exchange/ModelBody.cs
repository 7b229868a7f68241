using Hearsay.Protocols;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Learning.Exchange;

/// <summary>A large model that goes to others, or comes from one.</summary>
internal sealed class ModelBody(
    UInt128 id, byte[] manifest, Instant now, Instant heldUntil)
    : TransferBody(id, manifest, now, heldUntil, earlier: 0)
{
    /// <summary>The most peers that one model is offered to.</summary>
    public const int MaximumTakers = 64;

    /// <summary>Its manifest.</summary>
    public byte[] Manifest { get; } = manifest;

    /// <summary>The number of the request that it answers; 0 if nobody asked.</summary>
    public uint Number { get; init; }

    /// <summary>Who offered it, by slot.</summary>
    public uint Givers { get; set; }

    /// <summary>Whom this node offered it to, and who needs it still.</summary>
    public List<ModelTaker> Takers { get; } = [];

    /// <summary>When somebody asked for a part of it last, or it was offered.</summary>
    public Instant AskedAt { get; set; } = now;

    /// <summary>Somebody whom it was offered to.</summary>
    public ModelTaker? FindTaker(NodeId id)
    {
        foreach (var taker in Takers)
        {
            if (taker.Peer.Id == id)
            {
                return taker;
            }
        }

        return null;
    }
}
