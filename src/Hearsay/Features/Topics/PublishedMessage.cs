using Hearsay.Protocols;

namespace Hearsay;

/// <summary>A message that this node has published. Safe on any thread.</summary>
public class PublishedMessage
{
    private volatile int _linksTried;
    private volatile int _linksSent;

    private protected PublishedMessage(BroadcastId id) => Id = id;

    /// <summary>The id of the message, the same on every node.</summary>
    public BroadcastId Id { get; }

    /// <summary>
    /// The number of neighbours to which the message was sent or announced when it went out. It is 0 while the node has
    /// no neighbour, and stays 0 if the message was left to the repair because too many were waiting.
    /// </summary>
    /// <remarks>
    /// A neighbour to which a message is announced asks for it, unless the message comes from elsewhere.
    /// <see cref="TrackedMessage.LinksConfirmed"/> says how many have acknowledged it.
    /// </remarks>
    public int LinksTried => _linksTried;

    /// <summary>
    /// The number of those neighbours to which the message itself was sent; to the others it was announced. For a large
    /// message, the manifest is sent instead.
    /// </summary>
    public int LinksSent => _linksSent;

    internal static PublishedMessage Untracked(BroadcastId id) => new(id);

    /// <summary>Called by the event loop, once.</summary>
    internal void OnSent(int tried, int sent) => (_linksTried, _linksSent) = (tried, sent);
}
