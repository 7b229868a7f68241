namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// What the sender of a request wants. The exchange follows the mode of the sender, not that of the receiver.
/// </summary>
[Flags]
internal enum ExchangeMode : byte
{
    /// <summary>None of these.</summary>
    None = 0,

    /// <summary>The request carries descriptors, which the receiver merges.</summary>
    Push = 1,

    /// <summary>The reply must carry descriptors.</summary>
    Pull = 2,

    /// <summary>
    /// The receiver neither merges nor ages its view, so contacts outside the cycle do not distort the overlay.
    /// </summary>
    Look = 4,

    /// <summary>
    /// The sender is joining. With Cyclon, the receiver starts the walks that give a newcomer its links.
    /// </summary>
    Join = 8,
}
