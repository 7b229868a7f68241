using Hearsay.Features.Rumors;

namespace Hearsay;

/// <content>Rumors.</content>
public sealed partial class GossipNode
{
    /// <summary>
    /// The rumors of this node. Use it to spread a rumor, or to subscribe to the rumors that this node hears.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// <see cref="GossipNodeOptions.Rumors"/> is null: this node runs no rumor mongering.
    /// </exception>
    public NodeRumors Rumors => Feature<RumorsFeature>()?.Facade
        ?? throw new InvalidOperationException("This node runs no rumor mongering.");
}
