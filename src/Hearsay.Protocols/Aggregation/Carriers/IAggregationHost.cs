using Hearsay.Protocols.Aggregation.Epochs;

namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>
/// What aggregation knows that all methods of a node go by. There is one clock: it is set by answers to questions of
/// the node's own, and moved on in small steps by what others say unasked (<see cref="EpochClock"/>).
/// </summary>
internal interface IAggregationHost
{
    /// <summary>Which epoch it is.</summary>
    EpochClock Clock { get; }

    /// <summary>How many nodes there are, with its error; null if nothing is known.</summary>
    NetworkSizeEstimate? Size { get; }

    /// <summary>A message came from another epoch: follows it there if that is to be believed.</summary>
    /// <returns>How its epoch stands to this node's now; never <see cref="EpochVerdict.Ahead"/>.</returns>
    EpochVerdict Follow(in AggregationHeader header);
}
