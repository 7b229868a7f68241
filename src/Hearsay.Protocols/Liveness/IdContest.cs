using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Liveness;

/// <summary>
/// What a node has noticed of others that use its own id: how far above they put its incarnation, where one of them is
/// said to be, and how often it may speak, answer and have its identity stored because of them.
/// </summary>
/// <remarks>
/// Anybody can forge such news, so whatever follows from it is bounded: one raise of the incarnation a packet, one
/// question a cycle to the address last named, one answer a second, and warnings and stores that become rarer for as
/// long as it goes on.
/// </remarks>
internal sealed class IdContest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private WideningPace _telling = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(6));
    private WideningPace _storing = new(Second, TimeSpan.FromMinutes(10));
    private WideningPace _answering = new(Second, Second);
    private bool _isUnstored;

    /// <summary>The highest incarnation above the own that the packet being handled names; 0 for none.</summary>
    public ulong Highest { get; private set; }

    /// <summary>Where the node is said to be that has it.</summary>
    public NodeAddress Contender { get; private set; }

    /// <summary>Whom to ask in the next cycle whether it has this node's id; none for nobody.</summary>
    public NodeAddress Suspect { get; set; }

    /// <summary>
    /// Where a node is that has proven to have this node's key, until the operator was told; none if nobody has, or ids
    /// are not proven.
    /// </summary>
    public NodeAddress Proven { get; set; }

    /// <summary>When the identity, which changed, is to be stored.</summary>
    public Instant StoreAt => _isUnstored ? _storing.Next : Instant.Never;

    /// <summary>A descriptor of this node names an incarnation that it never had.</summary>
    public void Met(ulong incarnation, in NodeAddress contender)
    {
        if (incarnation > Highest)
        {
            (Highest, Contender) = (incarnation, contender);
        }
    }

    /// <summary>The incarnation was raised above the highest one met.</summary>
    public void Raised() => (Highest, _isUnstored) = (0, true);

    /// <summary>Whether the operator is told now.</summary>
    public bool MayTell(Instant now) => _telling.TryTake(now);

    /// <summary>Whether a request that came under this node's own id is answered now.</summary>
    public bool MayAnswer(Instant now) => _answering.TryTake(now);

    /// <summary>Whether the identity changed and is stored now.</summary>
    public bool TryStore(Instant now)
    {
        if (!_isUnstored || !_storing.TryTake(now))
        {
            return false;
        }

        _isUnstored = false;
        return true;
    }
}
