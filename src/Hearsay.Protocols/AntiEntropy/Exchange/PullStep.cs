namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>What an exchange that this node began waits for.</summary>
internal enum PullStep
{
    /// <summary>The offer that answers its question.</summary>
    Offer,

    /// <summary>Pieces of what was offered.</summary>
    Pieces,

    /// <summary>Cells of the sketch.</summary>
    Cells,

    /// <summary>The offer of the rows that it wants.</summary>
    Rows,
}
