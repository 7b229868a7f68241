using System.ComponentModel;
using Hearsay.Features.Topics;

namespace Hearsay;

/// <content>Topics.</content>
public sealed partial class GossipNode
{
    /// <summary>Returns a topic, with which you publish to all nodes or subscribe.</summary>
    /// <param name="name">The name of the topic, 1 to 64 bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">
    /// The name is empty, too long, or not valid Unicode (a lone surrogate).
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="GossipNodeOptions.Broadcast"/> is null: this node runs no broadcast.
    /// </exception>
    public Topic GetTopic(string name) => new(
        Running.Topics ?? throw new InvalidOperationException("This node runs no broadcast."), name);

    /// <summary>The former name of <see cref="GetTopic"/>.</summary>
    /// <param name="name">The name of the topic.</param>
    [Obsolete("Use GetTopic.")]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Topic Topic(string name) => GetTopic(name);

    /// <summary>The feature; null if the node runs without.</summary>
    internal TopicsFeature? Topics => Feature<TopicsFeature>();
}
