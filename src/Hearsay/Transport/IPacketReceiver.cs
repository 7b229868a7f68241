using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>Takes packets from a transport.</summary>
internal interface IPacketReceiver
{
    /// <summary>
    /// A packet arrived. Called from any thread, by several at once (one for every connection and transport); must not
    /// block and must not throw.
    /// </summary>
    /// <param name="from">Where it came from; an answer to this link goes back the same way.</param>
    /// <param name="packet">The bytes; valid only during the call.</param>
    void OnPacket(in Link from, ReadOnlySpan<byte> packet);
}
