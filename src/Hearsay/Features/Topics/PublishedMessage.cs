using Hearsay.Protocols;

namespace Hearsay;

/// <summary>A message that this node has published.</summary>
public class PublishedMessage
{
    private protected PublishedMessage(BroadcastId id) => Id = id;

    /// <summary>The id of the message, the same on every node.</summary>
    public BroadcastId Id { get; }

    internal static PublishedMessage Untracked(BroadcastId id) => new(id);
}
