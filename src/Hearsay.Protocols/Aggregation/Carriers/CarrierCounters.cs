namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>
/// What every method beside push-pull counts, from the start of the node on. Fields only grow; the event loop writes
/// them, any thread may read.
/// </summary>
internal class CarrierCounters
{
    /// <summary>Frames that were no valid message.</summary>
    public long Malformed;

    /// <summary>Own values that came too late, twice, were no usable number or belong to no aggregate.</summary>
    public long ValuesRefused;

    /// <summary>Aggregates refused because there were too many.</summary>
    public long DefinitionsRefused;
}
