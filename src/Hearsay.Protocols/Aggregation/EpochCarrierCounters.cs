namespace Hearsay.Protocols;

/// <summary>What a method with epochs counts besides.</summary>
internal class EpochCarrierCounters : CarrierCounters
{
    /// <summary>Epochs too far ahead to follow, or before their time too soon after another one that was.</summary>
    public long EpochsRefused;

    /// <summary>Times this node followed others to a later epoch.</summary>
    public long Jumps;
}
