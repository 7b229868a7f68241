using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>An exchange in which this node answers.</summary>
/// <param name="peer">Who asked.</param>
/// <param name="nonce">The number of the exchange.</param>
/// <param name="name">The map.</param>
internal sealed class ServedExchange(NodeId peer, ulong nonce, string name)
{
    /// <summary>Who asked.</summary>
    public NodeId Peer { get; } = peer;

    /// <summary>The number of the exchange.</summary>
    public ulong Nonce { get; } = nonce;

    /// <summary>The map.</summary>
    public string Name { get; } = name;

    /// <summary>How.</summary>
    public required PullMode Mode { get; init; }

    /// <summary>The transaction that must be durable before anything of it is told.</summary>
    public required long Commit { get; init; }

    /// <summary>What was there when it began; null if it is not needed.</summary>
    public ReplicaSnapshot? Snapshot { get; init; }

    /// <summary>What is offered now.</summary>
    public required Served Offered { get; set; }

    /// <summary>The number of what is offered now.</summary>
    public ulong OfferNumber { get; set; }

    /// <summary>When the peer last asked for something.</summary>
    public Instant LastAsked { get; set; }
}
