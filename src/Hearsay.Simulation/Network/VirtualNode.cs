using Hearsay.Protocols;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>A whole, unmodified <see cref="NodeCore"/> on a <see cref="VirtualNetwork"/>.</summary>
public sealed class VirtualNode : INodeDriver
{
    private readonly VirtualNetwork _network;

    internal VirtualNode(VirtualNetwork network, int index, NodeCoreOptions options, NodeAddress[] seeds)
    {
        (_network, Index, Seeds) = (network, index, seeds);
        Addresses = options.Self.Addresses;
        Options = options;
        Core = new NodeCore(options, this);
    }

    /// <summary>Which node of the network this is.</summary>
    public int Index { get; }

    /// <summary>Where it is reached, at the first of its addresses if it has two.</summary>
    public NodeAddress Address => Addresses.Primary;

    /// <summary>Where it is reached.</summary>
    public NodeAddresses Addresses { get; internal set; }

    /// <summary>The contacts it joins through.</summary>
    public NodeAddress[] Seeds { get; set; }

    /// <summary>The node itself.</summary>
    public NodeCore Core { get; internal set; }

    /// <summary>What it was made of; a restart takes them over.</summary>
    public NodeCoreOptions Options { get; internal set; }

    /// <summary>Whether it runs; a node that does not run loses what is sent to it.</summary>
    public bool IsUp { get; internal set; }

    /// <summary>Raised by every start.</summary>
    internal int Life { get; set; }

    /// <summary>The moment it was last armed for.</summary>
    internal Instant Armed { get; set; } = Instant.Never;

    /// <summary>What its own clock shows.</summary>
    public Instant LocalNow => Clock.Local(_network.Now);

    internal NodeClock Clock = new();

    /// <summary>Nothing is handled before.</summary>
    internal Instant PausedUntil { get; set; }

    /// <summary>What every packet and timer takes longer.</summary>
    internal TimeSpan Slowness { get; set; }

    /// <summary>When a slow node will have worked off what has come.</summary>
    internal Instant BusyUntil { get; set; }

    /// <summary>When a narrow link will have sent what is queued.</summary>
    internal Instant LinkFreeAt { get; set; }

    /// <summary>Whether its datagrams are in a bad time of the Gilbert-Elliott model.</summary>
    internal bool IsInBurst { get; set; }

    /// <summary>How often it got another address.</summary>
    internal int Moves { get; set; }

    internal bool KeepsNotices { get; init; } = true;

    /// <summary>Hears its notices as they come, if set.</summary>
    internal Action<NodeNotice>? OnNotice { get; set; }

    /// <summary>Everything it told its operator, in order.</summary>
    public IList<NodeNotice> Notices { get; } = [];

    /// <summary>Every change of its view, if <see cref="NodeCore.ReportsViewChanges"/> is set.</summary>
    public IList<ViewChange> Changes { get; } = [];

    /// <summary>Every answer to a question of its own for the metadata of a peer, or that there is none.</summary>
    public IList<MetadataAnswer> MetadataAnswers { get; } = [];

    /// <summary>Every event of its protocols.</summary>
    public IList<object> Events { get; } = [];

    /// <summary>Families it cannot reach; none by default.</summary>
    public bool ReachesIPv6 { get; set; } = true;

    /// <summary>Sees every packet it sends, if set: for tests.</summary>
    public Action<Link, byte[]>? OnSend { get; set; }

    /// <inheritdoc/>
    public bool CanReach(in NodeAddress address) => address.IsIPv4 || ReachesIPv6;

    /// <inheritdoc/>
    public bool IsStreamBlocked(in NodeAddress to) =>
        _network.TellsBlockedStreams && _network.IsStreamBlocked(this, to);

    /// <inheritdoc/>
    public bool Send(in Link to, ReadOnlySpan<byte> packet) => _network.Carry(this, to, packet);

    /// <inheritdoc/>
    public void ResolveContacts() => _network.Resolve(this);

    /// <inheritdoc/>
    public void Notify(in NodeNotice notice)
    {
        OnNotice?.Invoke(notice);
        if (KeepsNotices)
        {
            Notices.Add(notice);
        }
    }

    /// <inheritdoc/>
    public void OnViewChange(in ViewChange change)
    {
        if (KeepsNotices)
        {
            Changes.Add(change);
        }
    }

    /// <inheritdoc/>
    public void OnMetadata(in MetadataAnswer answer)
    {
        if (KeepsNotices)
        {
            MetadataAnswers.Add(answer);
        }
    }

    /// <inheritdoc/>
    public void Publish(byte protocol, object happened)
    {
        if (KeepsNotices)
        {
            Events.Add(happened);
        }
    }
}
