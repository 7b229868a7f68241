using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Exchange;

namespace Hearsay.Simulation.Checks;

/// <summary>A request that a node sent.</summary>
internal sealed class SeenRequest
{
    /// <summary>Its nonce; 0 for none.</summary>
    public ulong Nonce { get; set; }

    /// <summary>What was wanted.</summary>
    public ExchangeMode Mode { get; set; }

    /// <summary>Where it went.</summary>
    public NodeAddress Address { get; set; }

    /// <summary>Who was meant to be there.</summary>
    public NodeId Expected { get; set; }

    /// <summary>The entries sent, without the node's own descriptor.</summary>
    public SeenView Entries { get; } = new();
}
