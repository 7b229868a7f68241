namespace Hearsay;

/// <content>Rumors.</content>
public sealed partial record GossipNodeOptions
{
    /// <summary>The options of rumor mongering, which <see cref="GossipNode.Rumors"/> uses.</summary>
    /// <value>
    /// Default null: the node runs no rumor mongering, and does not pass rumors on. All nodes of a cluster should have
    /// the same options.
    /// </value>
    public RumorOptions? Rumors { get; init; }
}
