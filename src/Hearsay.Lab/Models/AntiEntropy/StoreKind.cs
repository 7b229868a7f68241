namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>What keeps the map in a schedule: the product, or a store with one known defect.</summary>
internal enum StoreKind
{
    /// <summary>The product's replica.</summary>
    Dots,

    /// <summary>Last writer wins; removals are forgotten after a grace time.</summary>
    Grace,

    /// <summary>The context of a peer is merged before its rows have come.</summary>
    EarlyContext,

    /// <summary>Trust is kept although a row is damaged.</summary>
    DamagedRow,

    /// <summary>A node continues its epoch after every opening.</summary>
    ReusedEpoch,

    /// <summary>A removal has no dot and names no events: whatever is at the key goes.</summary>
    BareRemoval,
}
