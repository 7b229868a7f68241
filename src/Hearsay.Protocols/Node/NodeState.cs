namespace Hearsay.Protocols;

/// <summary>
/// What the parts of one node share: its clock, random stream, peer table, counters and the way out. Used by the event
/// loop only.
/// </summary>
internal sealed class NodeState(NodeCoreOptions options, INodeDriver driver)
{
    private SeededRandom _random = SeededRandom.For(options.Seed, 0, 0, 1);

    /// <summary>
    /// Stands between the random stream and what others see of it, which could be computed back otherwise.
    /// </summary>
    private readonly ulong _nonceKey = SeededRandom.For(options.Seed, 0, 0, 2).NextUInt64();

    /// <summary>The moment of the input being handled.</summary>
    public Instant Now { get; set; }

    /// <summary>The random stream of the node's own protocols.</summary>
    public ref SeededRandom Random => ref _random;

    /// <summary>
    /// How many bytes may still be sent in answer to the packet being handled: its own length if its source may be
    /// forged,
    /// however many frames it has.
    /// </summary>
    public int AnswerRoom { get; set; }

    /// <summary>Everyone this node knows.</summary>
    public PeerTable Table { get; } = new(options.Sampling.EffectiveTableCapacity, SeededRandom.Mix(options.Seed));

    /// <summary>What this node says of itself.</summary>
    public SelfDescription Self { get; } = options.Self;

    /// <summary>What it counted.</summary>
    public NodeCounters Counters { get; } = new();

    /// <summary>The world.</summary>
    public INodeDriver Driver { get; } = driver;

    /// <summary>Which of the node's protocols measures the network's size; null if none does.</summary>
    public INetworkSizeSource? SizeSource { get; set; }

    /// <summary>Whether it knows contacts, and nobody was ever in its view.</summary>
    public bool IsJoining { get; set; }

    /// <summary>The cluster's label.</summary>
    public ulong Label { get; } = Envelope.LabelOf(options.Cluster);

    /// <summary>Where packets are written.</summary>
    public NodeWorkspace Work { get; } = options.Workspace ?? new NodeWorkspace();

    /// <summary>Puts the envelope before the frames written and sends the packet.</summary>
    /// <param name="link">Where to.</param>
    /// <param name="packet">The envelope's room and the frames.</param>
    /// <returns>False if it was surely not sent.</returns>
    public bool Send(in Link link, Span<byte> packet)
    {
        Envelope.Seal(packet, Label, Self.Id);
        Counters.PacketsSent++;
        Counters.BytesSent += packet.Length;
        return Driver.Send(link, packet);
    }

    /// <summary>Sends an answer to the packet being handled, which takes from <see cref="AnswerRoom"/>.</summary>
    public void Answer(in Link link, Span<byte> packet)
    {
        AnswerRoom -= link.Kind == LinkKind.Datagram ? packet.Length : 0;
        Send(link, packet);
    }

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
