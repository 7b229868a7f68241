namespace Hearsay.Protocols;

/// <summary>What a <see cref="NodeCore"/> is made of. Immutable.</summary>
public sealed record NodeCoreOptions
{
    /// <summary>The most application protocols in one node.</summary>
    public const int MaximumProtocols = 32;

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

    /// <summary>Application protocols, each with an id of its own.</summary>
    /// <value>Default none; at most 32.</value>
    public IReadOnlyList<IProtocol> Protocols { get; init; } = [];
}
