using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Features.Contract;

/// <summary>
/// What a feature offers to others that want every node to have a message. Inside the loop, unless it says otherwise.
/// </summary>
internal interface IMessageCarrier
{
    /// <summary>The longest message, in bytes.</summary>
    int LongestBytes { get; }

    /// <summary>The links over which messages go.</summary>
    INeighbours Links { get; }

    /// <summary>
    /// Sends a message to all nodes. Neighbours do not compare later which of them have it: the few that the tree and
    /// its announcements lose are for the sender to find.
    /// </summary>
    /// <param name="topic">What it is about.</param>
    /// <param name="payload">The message. It is copied before the call returns.</param>
    /// <returns>False if it certainly was not sent.</returns>
    bool TrySend(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload);

    /// <summary>From now on a sink gets all messages about a topic, each once. Before the loop starts.</summary>
    /// <param name="topic">What they are about.</param>
    /// <param name="sink">Takes them.</param>
    void Listen(byte[] topic, IBroadcastSink sink);
}
