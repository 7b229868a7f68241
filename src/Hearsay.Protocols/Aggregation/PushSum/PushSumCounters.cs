using Hearsay.Protocols.Aggregation.Carriers;

namespace Hearsay.Protocols.Aggregation.PushSum;

/// <summary>
/// What push-sum counted since the node started. Fields only grow; the event loop writes them, any thread may read.
/// </summary>
internal sealed class PushSumCounters : EpochCarrierCounters
{
    /// <summary>Pushes sent.</summary>
    public long Sent;

    /// <summary>Pushes of others taken in.</summary>
    public long Taken;

    /// <summary>Pushes that came again, or so late that nobody knows whether they did.</summary>
    public long Repeated;

    /// <summary>Pushes of an epoch that has passed here, or that came while this node did not know the epoch.</summary>
    public long Stale;

    /// <summary>Epochs completed.</summary>
    public long Epochs;

    /// <summary>Masses of single aggregates that were no number, absurd, of the wrong length or unknown here.</summary>
    public long MassesRefused;
}
