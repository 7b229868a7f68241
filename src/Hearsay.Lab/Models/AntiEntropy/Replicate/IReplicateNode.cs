using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>One node of a run with a map that all nodes write.</summary>
internal interface IReplicateNode
{
    /// <summary>Its protocols, in the order in which they start.</summary>
    IReadOnlyList<IProtocol> Protocols { get; }

    /// <summary>The events that it has seen.</summary>
    CausalContext Context { get; }

    /// <summary>The sum of the digests of its rows.</summary>
    UInt128 Root { get; }

    /// <summary>How often a row or an event has come.</summary>
    PayloadCounts Payloads { get; }

    /// <summary>Exchanges that were completed.</summary>
    long Exchanges { get; }

    /// <summary>Bytes of the frames of exchanges and heartbeats that came.</summary>
    long ExchangeBytes { get; }

    /// <summary>What a counter shows.</summary>
    long CountOf(RowPath counter);

    /// <summary>Writes.</summary>
    /// <param name="core">The node.</param>
    /// <param name="now">The moment.</param>
    /// <param name="change">What is written.</param>
    /// <param name="stamp">The time of day in milliseconds.</param>
    /// <param name="done">Takes the event.</param>
    void Write(NodeCore core, Instant now, MapChange change, ulong stamp, Action<Dot> done);
}
