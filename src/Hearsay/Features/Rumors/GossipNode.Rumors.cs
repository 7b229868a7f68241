using Hearsay.Features.Rumors;

namespace Hearsay;

/// <content>Rumors.</content>
public sealed partial class GossipNode
{
    /// <summary>The rumors of this node: begin one, or listen to those that it hears.</summary>
    /// <exception cref="InvalidOperationException">
    /// <see cref="GossipNodeOptions.Rumors"/> is null: this node runs no rumor mongering.
    /// </exception>
    public NodeRumors Rumors => Feature<RumorsFeature>()?.Facade
        ?? throw new InvalidOperationException("This node runs no rumor mongering.");
}
