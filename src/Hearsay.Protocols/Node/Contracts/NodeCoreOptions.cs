using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Node.Contracts;

namespace Hearsay.Protocols;

/// <summary>The options of a <see cref="NodeCore"/>. Immutable.</summary>
public sealed record NodeCoreOptions
{
    /// <summary>The maximum number of protocols in one node, besides peer sampling.</summary>
    public const int MaximumProtocols = 40;

    /// <summary>The identity and the addresses of the node.</summary>
    public required SelfDescription Self { get; init; }

    /// <summary>
    /// The seed of all random choices of the node. The same seed and the same inputs give the same outputs.
    /// </summary>
    public required ulong Seed { get; init; }

    /// <summary>The name of the cluster. Packets of other clusters are dropped.</summary>
    /// <value>Default <c>default</c>.</value>
    public string Cluster { get; init; } = "default";

    /// <summary>The options of peer sampling. They are validated when the node is created.</summary>
    /// <value>Default <see cref="PeerSamplingOptions.Recommended"/>.</value>
    public PeerSamplingOptions Sampling { get; init; } = PeerSamplingOptions.Recommended;

    /// <summary>
    /// What the node does when another node, which has run for longer, uses the same id. This happens, for instance,
    /// when the data directory of one was copied to the other.
    /// </summary>
    /// <value>Default <see cref="IdConflictAction.Renew"/>.</value>
    public IdConflictAction OnIdConflict { get; init; } = IdConflictAction.Renew;

    /// <summary>
    /// The protocols besides peer sampling, each with an id of its own: 2 to 127 for Hearsay's, 128 to 255 for those of
    /// applications.
    /// </summary>
    /// <value>Default none. At most 40.</value>
    public IReadOnlyList<IProtocol> Protocols { get; init; } = [];

    /// <summary>
    /// Addresses that count as proven from the start, such as those of neighbours that never change. They need not
    /// answer before the node sends them more than one small packet per cycle.
    /// </summary>
    /// <value>Default none.</value>
    public IReadOnlyList<NodeAddress> VouchedAddresses { get; init; } = [];

    /// <summary>The keys of the cluster; null for mode open.</summary>
    internal NodeSecurity? Security { get; init; }

    /// <summary>The identity of the node; null in the other modes.</summary>
    internal IdentitySecurity? Identity { get; init; }

    /// <summary>Memory to work in, shared with other nodes of the thread; null for memory of its own.</summary>
    internal NodeWorkspace? Workspace { get; init; }

    /// <summary>
    /// Whether the view is published only when <see cref="NodeCore.View"/> is asked for, for as long as no sampler, no
    /// protocol and no driver follows its changes. For drivers that run the node and read its view on one thread.
    /// </summary>
    internal bool PublishesOnDemand { get; init; }
}
