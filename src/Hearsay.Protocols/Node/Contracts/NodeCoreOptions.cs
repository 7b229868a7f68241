using Hearsay.Protocols.Node.Contracts;

namespace Hearsay.Protocols;

/// <summary>What a <see cref="NodeCore"/> is made of. Immutable.</summary>
public sealed record NodeCoreOptions
{
    /// <summary>The most protocols in one node beside peer sampling.</summary>
    public const int MaximumProtocols = 40;

    /// <summary>Who the node is and where it is reached.</summary>
    public required SelfDescription Self { get; init; }

    /// <summary>The seed of all its random choices: the same seed and inputs give the same outputs.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The cluster's name; packets of other clusters are dropped.</summary>
    /// <value>Default <c>default</c>.</value>
    public string Cluster { get; init; } = "default";

    /// <summary>The knobs of peer sampling; checked when the node is made.</summary>
    /// <value>Default <see cref="PeerSamplingOptions.Recommended"/>.</value>
    public PeerSamplingOptions Sampling { get; init; } = PeerSamplingOptions.Recommended;

    /// <summary>
    /// What becomes of this node when another one has its id and has run for longer, for instance because the data
    /// directory of one was copied to the other.
    /// </summary>
    /// <value>Default <see cref="IdConflictAction.Renew"/>.</value>
    public IdConflictAction OnIdConflict { get; init; } = IdConflictAction.Renew;

    /// <summary>
    /// Protocols beside peer sampling, each with an id of its own: Hearsay's from 2 to 127, an application's from 128.
    /// </summary>
    /// <value>Default none; at most 40.</value>
    public IReadOnlyList<IProtocol> Protocols { get; init; } = [];

    /// <summary>
    /// Addresses that whoever makes the node vouches for, such as those of <see cref="StaticNeighbours"/>: they need
    /// not answer before they are sent more than one small packet a cycle.
    /// </summary>
    /// <value>Default none.</value>
    public IReadOnlyList<NodeAddress> VouchedAddresses { get; init; } = [];

    /// <summary>Memory to work in, shared with other nodes of the thread; null for memory of its own.</summary>
    internal NodeWorkspace? Workspace { get; init; }

    /// <summary>
    /// Whether the view is published only when <see cref="NodeCore.View"/> is asked for, for as long as no sampler, no
    /// protocol and no driver follows its changes. For drivers that run the node and read its view on one thread.
    /// </summary>
    internal bool PublishesOnDemand { get; init; }
}
