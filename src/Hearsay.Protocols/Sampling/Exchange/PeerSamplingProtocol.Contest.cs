using Hearsay.Protocols.Liveness;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// Two nodes with one id, as after the copy of a data directory or a disk image. Each finds out by a descriptor of its
/// own id with a higher incarnation at another address, or by a request under its own id that it did not send. Neither
/// proves anything, so the node asks that address under its own id. Who is asked so and has the id refuses, and says
/// for how long it has run; the nonce proves that it is there.
/// <code>
///   clone, started later                          original
///     |-- Request, sender: the id ---------------&gt;|  not a request of its own: a namesake
///     |&lt;---- Refusal: the same id, uptime --------|  at most one a second
///     |  has run for less: says so, takes a new   |
///     |  id and joins anew, or stops              |  in its next cycle asks who is there, and tells its operator
/// </code>
/// </summary>
/// <remarks>
/// The asker decides, and compares the other's uptime, counted up to when the request arrived, with its own up to when
/// it was sent. So the younger always gives way; where both began within the time a packet takes, both may.
/// </remarks>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>A new id is nobody else's: who says so again soon is lying.</summary>
    private static readonly TimeSpan RenewalPause = TimeSpan.FromMinutes(10);

    private readonly IdContest _contest = new();
    private Instant _startedAt;
    private Instant _nextRenewal = new(long.MinValue);

    /// <summary>Whether the node fell silent because its id is another's.</summary>
    public bool LostItsId { get; private set; }

    /// <summary>
    /// A descriptor of this node itself goes round, which is usual. One with a higher incarnation than it ever had
    /// would beat its own everywhere, so the node goes above it once the packet has been read. One with the present
    /// incarnation at an address that it never had is another node's as well.
    /// </summary>
    private DropReason MetOneself(in Descriptor descriptor)
    {
        var own = _node.Self.Incarnation;
        if (descriptor.Incarnation < own)
        {
            return DropReason.None;
        }

        var contender = IsOwn(descriptor.Addresses)
            ? NodeAddress.None : _node.Routes.To(descriptor.Id, descriptor.Addresses);
        if (descriptor.Incarnation == own)
        {
            Suspect(contender);
            return DropReason.None;
        }

        _contest.Met(descriptor.Incarnation, contender);
        return DropReason.ForgedSelf;
    }

    private bool IsOwn(in NodeAddresses addresses)
    {
        var own = _node.Self.Addresses;
        return (addresses.HasIPv4 && own.Contains(addresses.IPv4)) || (addresses.HasIPv6
            && own.Contains(addresses.IPv6));
    }

    /// <summary>Called after every packet, whatever was in it: one raise for all that it named.</summary>
    public void GoAboveWhatWasMet()
    {
        if (_contest.Highest == 0)
        {
            return;
        }

        var (contender, id) = (_contest.Contender, _node.Self.Id);
        if (_contest.Highest >= Descriptor.MaximumIncarnation && !MayRenew())
        {
            // Whoever believes it does so until that descriptor leads nowhere; a new id each time would cost more.
            _contest.Raised();
            return;
        }

        _node.Counters.Refutations++;
        _node.RaiseIncarnation(_contest.Highest, contender);
        _contest.Raised();
        StoreIfDue();
        if (_node.Self.Id == id)
        {
            Suspect(contender);
        }
    }

    /// <summary>
    /// A request under this node's own id that it did not send. If it comes from this node's own address, an earlier
    /// life sent it.
    /// </summary>
    private void OnRequestOfNamesake(in Link link, ulong nonce)
    {
        var isDatagram = link.Kind == LinkKind.Datagram;
        if ((isDatagram && _node.Self.Addresses.Contains(link.Address)) || !_replays.TryAdd(nonce))
        {
            return;
        }

        if (isDatagram)
        {
            Suspect(link.Address);
            _contest.Proven = _node.Envelope.ProvesSenders ? link.Address : NodeAddress.None;
        }
        else
        {
            TellOfNamesake(link.Address); // Where it listens is not known.
        }

        if (_contest.MayAnswer(_node.Now))
        {
            SendRefusal(link, nonce, RefusalReason.SameId, _node.Label);
        }
    }

    private void Suspect(in NodeAddress address)
    {
        // Whom somebody names does not keep who has proven the key from being asked.
        if (!address.IsNone && (_contest.Suspect.IsNone || _contest.Suspect != _contest.Proven))
        {
            _contest.Suspect = address;
        }
    }

    /// <summary>
    /// Not before the suspect was asked, whatever came of it: who gives its own id up has something else to tell. Where
    /// ids are proven, only who has proven this one counts, and not whom others name.
    /// </summary>
    private void TellOfSuspect(OutstandingExchange exchange)
    {
        if (exchange.Purpose == ExchangePurpose.Contest && exchange.Partner == _node.Self.Id
            && (!_node.Envelope.ProvesSenders || exchange.Address == _contest.Proven))
        {
            _contest.Proven = NodeAddress.None;
            TellOfNamesake(exchange.Address);
        }
    }

    private void TellOfNamesake(in NodeAddress address)
    {
        if (_contest.MayTell(_node.Now))
        {
            _node.Driver.Notify(new NodeNotice(
                NodeNoticeKind.IdContested, _node.Self.Id, address, Number: _node.Self.Incarnation,
                Identity: _node.Envelope.IdentityOf(_node.Self.Id)));
        }
    }

    /// <summary>Once a cycle at most: whether the node that is suspected has this node's id.</summary>
    private void AskSuspect()
    {
        var address = _contest.Suspect;
        if (address.IsNone || FreeSlot() is not { } slot)
        {
            return;
        }

        _contest.Suspect = NodeAddress.None;
        slot.Purpose = ExchangePurpose.Contest;
        slot.Partner = _node.Self.Id;
        slot.Address = address;
        slot.TriesLeft = 0;
        SendRequest(slot, ExchangeMode.Look, partner: null);
    }

    /// <summary>Somebody whom this node asked has its id: who has run for less gives it up.</summary>
    private void MeetNamesake(OutstandingExchange exchange, TimeSpan uptime)
    {
        if (uptime < exchange.SentAt - _startedAt)
        {
            // It finds out by asking in its turn, since this node asked it.
            TellOfNamesake(exchange.Address);
        }
        else if (_node.StopsWithoutId)
        {
            (LostItsId, _left) = (true, true);
            _node.Driver.Notify(new NodeNotice(
                NodeNoticeKind.IdTaken, _node.Self.Id, exchange.Address,
                Identity: _node.Envelope.IdentityOf(_node.Self.Id)));
        }
        else if (MayRenew())
        {
            _contest.Suspect = NodeAddress.None;
            _node.RenewId(exchange.Address);
            (_joinAttempts, _nextJoin) = (0, _node.Now);
        }
    }

    /// <summary>Whether the node may take another id because of what others say; if so, not again soon.</summary>
    private bool MayRenew()
    {
        var may = _node.Now >= _nextRenewal;
        _nextRenewal = may ? _node.Now + RenewalPause : _nextRenewal;
        return may;
    }

    /// <summary>
    /// What a flood of forged incarnations changes is stored ever more rarely, and the last of it in the end.
    /// </summary>
    private void StoreIfDue()
    {
        if (_contest.TryStore(_node.Now))
        {
            _node.Driver.Notify(new NodeNotice(
                NodeNoticeKind.IdentityChanged, _node.Self.Id, Number: _node.Self.Incarnation));
        }
    }
}
