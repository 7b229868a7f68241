namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// What the parts of broadcast know of the node and of its links. Only inside the event loop, while an input is
/// handled.
/// </summary>
internal interface IBroadcastHost
{
    /// <summary>The moment of the input.</summary>
    Instant Now { get; }

    /// <summary>The neighbours whose links are up, by slot.</summary>
    uint Up { get; }

    /// <summary>Sends a frame without a payload to a neighbour.</summary>
    /// <param name="slot">The slot of the neighbour.</param>
    /// <param name="type">One of <see cref="BroadcastFrame"/>.</param>
    /// <param name="body">The frame behind the number of the link.</param>
    void SendControl(int slot, byte type, ReadOnlySpan<byte> body);
}
