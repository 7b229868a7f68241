namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>What a method with epochs counts besides.</summary>
internal class EpochCarrierCounters : CarrierCounters
{
    /// <summary>Messages of another epoch than the present one that could not be followed there.</summary>
    public long EpochsRefused;
}
