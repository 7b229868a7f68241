namespace Hearsay;

/// <content>Requests.</content>
public sealed partial record GossipNodeOptions
{
    /// <summary>The options of requests, which <see cref="GossipNode.RequestAsync(Peer, string, string,
    /// CancellationToken)"/> and <see cref="GossipNode.HandleRequests"/> use.</summary>
    /// <value>
    /// Default <see cref="RequestOptions"/> with their defaults. With null the node neither asks nor answers.
    /// </value>
    public RequestOptions? Requests { get; init; } = new();
}
