namespace Hearsay.AspNetCore.Topics;

/// <summary>How far a message got.</summary>
/// <param name="IsTracked">Whether nodes were asked to acknowledge it (<c>?track=true</c>).</param>
/// <param name="NodesReached">The nodes that did, this one included; null if it is not tracked.</param>
/// <param name="ShareReached">The same as a share of the network; null while its size is not known.</param>
/// <param name="IsFollowed">Whether acknowledgements still count: those of the last 64 tracked messages do.</param>
internal sealed record MessageReach(bool IsTracked, long? NodesReached, double? ShareReached, bool IsFollowed)
{
    /// <summary>Of a message that was published here.</summary>
    public static MessageReach Of(PublishedMessage message) => message is TrackedMessage tracked
        ? new(true, tracked.NodesReached, tracked.ShareReached, tracked.IsFollowed) : new(false, null, null, false);
}
