using Hearsay.Protocols.Core;
using Hearsay.Protocols.Node.Contracts;
using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node;

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

    public NodeState(NodeCoreOptions options, INodeDriver driver)
    {
        var (tableCapacity, hashKey) = (options.Sampling.EffectiveTableCapacity, SeededRandom.Mix(options.Seed));
        _random = SeededRandom.For(options.Seed, 0, 0, 1);
        _nonceKey = SeededRandom.For(options.Seed, 0, 0, 2).NextUInt64();
        (Self, Driver, Label) = (options.Self, driver, Wire.Envelope.LabelOf(options.Cluster));
        Envelope = options.Identity is { } identity ? new IdentityEnvelope(identity, Label)
            : options.Security is { } security ? new RecordEnvelope(security, Label) : new OpenEnvelope(Label);
        Proofs = options.Identity is { } author ? new OriginProofs(author) : null;
        Table = new PeerTable(tableCapacity, hashKey);
        Guard = new SendGuard(options, Envelope, Counters);
        Routes = new PeerRoutes(driver, Self, Table, Counters, tableCapacity, hashKey);
        Work = options.Workspace ?? new NodeWorkspace();
        StopsWithoutId = options.OnIdConflict == IdConflictAction.Stop || Envelope.ProvesSenders;
    }

    /// <summary>The moment of the input being handled.</summary>
    public Instant Now { get; set; }

    /// <summary>The random stream of the node's own protocols.</summary>
    public ref SeededRandom Random => ref _random;

    /// <summary>Everyone this node knows.</summary>
    public PeerTable Table { get; }

    /// <summary>Where to send what is for them.</summary>
    public PeerRoutes Routes { get; }

    /// <summary>What this node says of itself.</summary>
    public SelfDescription Self { get; }

    /// <summary>What it counted.</summary>
    public NodeCounters Counters { get; } = new();

    /// <summary>The world.</summary>
    public INodeDriver Driver { get; }

    /// <summary>Which of the node's protocols measures the network's size; null if none does.</summary>
    public INetworkSizeSource? SizeSource { get; set; }

    /// <summary>
    /// Whether the node falls silent when its id turns out to be another's. It does by option, and always where the id
    /// is the hash of its key: under another id it could not speak.
    /// </summary>
    public bool StopsWithoutId { get; }

    /// <summary>Whether somebody was ever in its view.</summary>
    public bool HasJoined { get; set; }

    /// <summary>Whether it knows addresses at which other nodes may be.</summary>
    public bool KnowsContacts { get; set; }

    /// <summary>Whether it knows contacts or will soon, and nobody was ever in its view.</summary>
    public bool IsJoining => !HasJoined && (KnowsContacts || Driver.IsResolvingContacts);

    /// <summary>The cluster's label.</summary>
    public ulong Label { get; }

    /// <summary>What closes the packets of this node, and opens those of others.</summary>
    public NodeEnvelope Envelope { get; }

    /// <summary>Signs and verifies what nodes pass on for others; null but in mode identity.</summary>
    public OriginProofs? Proofs { get; }

    /// <summary>Where packets are written.</summary>
    public NodeWorkspace Work { get; }

    /// <summary>A number that ties an answer to its question and that nobody can foretell from earlier ones.</summary>
    public ulong NextNonce() => SeededRandom.Mix(_random.NextUInt64() ^ _nonceKey);

    /// <summary>
    /// Goes above an incarnation of this node's id; where there is no room above, the node takes another id.
    /// </summary>
    /// <param name="above">The incarnation.</param>
    /// <param name="contender">Where the node is said to be that has it, if another one has.</param>
    public void RaiseIncarnation(ulong above, in NodeAddress contender = default)
    {
        if (above < Descriptor.MaximumIncarnation)
        {
            Self.Incarnation = above + 1;
        }
        else if (!Envelope.ProvesSenders)
        {
            // Where the id is the hash of a key nobody else can have it, and there is no other.
            RenewId(contender);
        }
    }

    /// <summary>
    /// Takes another id, of which nobody knows anything, and tells the operator. Never where ids are proven: there it
    /// is the hash of the node's key.
    /// </summary>
    /// <param name="contender">Where the node is said to be that has the old one, if another one has.</param>
    public void RenewId(in NodeAddress contender)
    {
        var old = Self.Id;
        Self.Id = new NodeId(NextNonce(), NextNonce());
        Self.Incarnation = 1;
        Driver.Notify(new NodeNotice(NodeNoticeKind.IdRenewed, old, contender, NewId: Self.Id));
    }
}
