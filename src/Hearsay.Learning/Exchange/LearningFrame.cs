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
/// </code>
/// A model is what <see cref="State.ModelMessage"/> describes.
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

    /// <summary>The bytes of the number of a request.</summary>
    public const int NumberBytes = 4;

    /// <summary>The most bytes of a frame's body.</summary>
    public const int MaximumBodyBytes = 65_000;
}
