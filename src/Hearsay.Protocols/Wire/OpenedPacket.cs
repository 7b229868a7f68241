using System.Diagnostics.CodeAnalysis;

namespace Hearsay.Protocols.Wire;

/// <summary>What a packet holds once its envelope is open.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
internal readonly ref struct OpenedPacket
{
    /// <summary>A packet whose frames may be read.</summary>
    /// <param name="sender">Who sent it: in mode open as the packet claims.</param>
    /// <param name="frames">The frames, valid until the next packet is opened or sealed.</param>
    /// <param name="isForAnyone">Whether it was sent to whoever lives at an address.</param>
    /// <param name="isOwn">Whether this node itself sent it.</param>
    /// <param name="isRetired">Whether its key opens nothing but the exchange of keyrings.</param>
    /// <param name="isOutdated">Whether its sender has missed a newer key.</param>
    public OpenedPacket(
        NodeId sender,
        ReadOnlySpan<byte> frames,
        bool isForAnyone = false,
        bool isOwn = false,
        bool isRetired = false,
        bool isOutdated = false)
    {
        Sender = sender;
        Frames = frames;
        (IsForAnyone, IsOwn) = (isForAnyone, isOwn);
        (IsRetired, IsOutdated) = (isRetired, isOutdated);
    }

    /// <summary>Who sent it.</summary>
    public NodeId Sender { get; }

    /// <summary>The frames.</summary>
    public ReadOnlySpan<byte> Frames { get; }

    /// <summary>
    /// Whether the sender did not know this node's id: only frames with which a node joins are read then.
    /// </summary>
    public bool IsForAnyone { get; }

    /// <summary>
    /// Whether this node itself sent it and it came back: by an attacker's hand, or because a seed is the node itself.
    /// </summary>
    public bool IsOwn { get; }

    /// <summary>
    /// Whether it was made with a key that has been replaced: nothing of it is read but the exchange of keyrings.
    /// </summary>
    public bool IsRetired { get; }

    /// <summary>Whether its sender is to be told of a newer key.</summary>
    public bool IsOutdated { get; }
}
