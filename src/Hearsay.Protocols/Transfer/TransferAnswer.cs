namespace Hearsay.Protocols.Transfer;

/// <summary>The frames of a transfer that are not chunks.</summary>
internal enum TransferAnswer
{
    /// <summary>Chunks are asked for.</summary>
    Want,

    /// <summary>Chunks that were wanted at once are not here.</summary>
    Lacking,

    /// <summary>Nothing is here of what was wanted.</summary>
    Gone,
}
