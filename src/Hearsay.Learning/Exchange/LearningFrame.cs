namespace Hearsay.Learning.Exchange;

/// <summary>
/// The frames of gossip learning. The protocol byte is 96 plus the channel.
/// </summary>
/// <remarks>
/// <code>
/// A                          B
/// | ---- Model: a model ----> |   B merges it, then learns from its own data
///
/// | --- Pull: number (4) ---> |   only with the robust form Nearest
/// | &lt;-- Answer: number (4), --|   once A's address is proven
/// |     a model               |
///
/// | ---- Offer: number (4), -> |   a model that is too long for a frame; number: 0, or that of a Pull
/// |      manifest              |
/// | &lt;--- Want ---------------- |   once A's address is proven
/// | ---- Chunk --------------> |
/// | &lt;--- Done: name (16) ----- |   B has all of it, or does not take it
/// | ---- Gone: name (16) ----> |   or: A holds it no longer
/// </code>
/// A model is what <see cref="State.ModelMessage"/> describes. The manifest, Want, Chunk and Gone are those of
/// <see cref="Hearsay.Protocols.Transfer.TransferFrame"/>; the name of a model is the first 16 bytes of SHA-256 of its
/// manifest.
/// </remarks>
internal static class LearningFrame
{
    /// <summary>The protocol byte of channel 0.</summary>
    public const byte FirstProtocol = 96;

    /// <summary>A model, unasked.</summary>
    public const byte Model = 1;

    /// <summary>A request for the receiver's model.</summary>
    public const byte Pull = 2;

    /// <summary>The model that was asked for.</summary>
    public const byte Answer = 3;

    /// <summary>A model that is too long for a frame.</summary>
    public const byte Offer = 4;

    /// <summary>A request for chunks of it.</summary>
    public const byte Want = 5;

    /// <summary>A chunk.</summary>
    public const byte Chunk = 6;

    /// <summary>A model that was wanted is not held.</summary>
    public const byte Gone = 7;

    /// <summary>Nothing more is needed of a model that was offered.</summary>
    public const byte Done = 8;

    /// <summary>The bytes of the number of a request.</summary>
    public const int NumberBytes = 4;

    /// <summary>The most bytes of a frame's body.</summary>
    public const int MaximumBodyBytes = 65_000;
}
