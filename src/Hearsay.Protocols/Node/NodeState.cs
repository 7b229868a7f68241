namespace Hearsay.Protocols;

/// <summary>
/// What the parts of one node share: its clock, random stream, peer table, counters and the way out. Used by the event
/// loop only.
/// </summary>
internal sealed partial class NodeState
{
    private SeededRandom _random;

    /// <summary>
    /// Stands between the random stream and what others see of it, which could be computed back otherwise.
    /// </summary>
    private readonly ulong _nonceKey;

    /// <summary>The state of a node that has not started.</summary>
    public NodeState(NodeCoreOptions options, INodeDriver driver)
    {
        _random = SeededRandom.For(options.Seed, 0, 0, 1);
        _nonceKey = SeededRandom.For(options.Seed, 0, 0, 2).NextUInt64();
        Table = new PeerTable(options.Sampling.EffectiveTableCapacity, SeededRandom.Mix(options.Seed));
        (Self, Driver, Label) = (options.Self, driver, Envelope.LabelOf(options.Cluster));
        Guard = new SendGuard(options, Counters);
        Work = options.Workspace ?? new NodeWorkspace();
    }

    /// <summary>The moment of the input being handled.</summary>
    public Instant Now { get; set; }

    /// <summary>The random stream of the node's own protocols.</summary>
    public ref SeededRandom Random => ref _random;

    /// <summary>Everyone this node knows.</summary>
    public PeerTable Table { get; }

    /// <summary>What this node says of itself.</summary>
    public SelfDescription Self { get; }

    /// <summary>What it counted.</summary>
    public NodeCounters Counters { get; } = new();

    /// <summary>The world.</summary>
    public INodeDriver Driver { get; }

    /// <summary>Which of the node's protocols measures the network's size; null if none does.</summary>
    public INetworkSizeSource? SizeSource { get; set; }

    /// <summary>Whether it knows contacts, and nobody was ever in its view.</summary>
    public bool IsJoining { get; set; }

    /// <summary>The cluster's label.</summary>
    public ulong Label { get; }

    /// <summary>Where packets are written.</summary>
    public NodeWorkspace Work { get; }

    /// <summary>A number that ties an answer to its question and that nobody can foretell from earlier ones.</summary>
    public ulong NextNonce() => SeededRandom.Mix(_random.NextUInt64() ^ _nonceKey);

    /// <summary>
    /// Goes above an incarnation of this node's id; where there is no room above, the node takes another id, of which
    /// nobody knows anything.
    /// </summary>
    public void RaiseIncarnation(ulong above)
    {
        if (above < Descriptor.MaximumIncarnation)
        {
            Self.Incarnation = above + 1;
            return;
        }

        Self.Id = new NodeId(NextNonce(), NextNonce());
        Self.Incarnation = 1;
    }

    /// <summary>Of a peer's addresses the one to use, or none if this host speaks no family of them.</summary>
    public NodeAddress Route(in NodeAddresses addresses)
    {
        var first = addresses.IPv4;
        if (!first.IsNone && Driver.CanReach(first))
        {
            return first;
        }

        var second = addresses.IPv6;
        return !second.IsNone && Driver.CanReach(second) ? second : NodeAddress.None;
    }
}
