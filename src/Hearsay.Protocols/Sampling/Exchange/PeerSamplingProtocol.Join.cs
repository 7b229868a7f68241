using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>Getting in, and getting back together: contacts, back-off, re-contacts.</summary>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>Contacts kept; seeds are few.</summary>
    private const int MaximumContacts = 32;

    /// <summary>
    /// Contacts asked at once: one may be dead, and one alone can leave a newcomer cut off for a while.
    /// </summary>
    private const int ContactsAtOnce = 3;

    /// <summary>From here on an operator is told that joining does not work.</summary>
    private const int AttemptsUntilNotice = 4;

    private static readonly TimeSpan ShortestBackoff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    private Instant _nextJoin = Instant.Never;
    private int _joinAttempts;

    /// <summary>What the application was told last: that the node has joined, or that it is alone.</summary>
    private bool _joinedTold;

    /// <summary>Who was the first to answer a join, at the address that was asked; null if nobody has.</summary>
    public Peer? JoinedThrough { get; private set; }

    /// <summary>Contacts to join through or to meet at once, and to look at again for ever.</summary>
    public void Contact(ReadOnlySpan<NodeAddress> addresses)
    {
        if (!_started || _left)
        {
            return;
        }

        var offset = addresses.IsEmpty ? 0 : _node.Random.Below(addresses.Length);
        var asked = 0;
        for (var i = 0; i < addresses.Length; i++)
        {
            var address = addresses[(i + offset) % addresses.Length];
            if (!IsContactable(address))
            {
                continue;
            }

            _contacts.Add(address, ref _node.Random);
            _node.KnowsContacts = true;
            if (asked < ContactsAtOnce && TryJoinThrough(address))
            {
                asked++;
            }
        }
    }

    private void TryToJoin()
    {
        // Cyclon's view is empty while its last partner is asked: only now is it known to be alone.
        TellIsolated();
        _node.Counters.JoinAttempts++;
        _joinAttempts++;
        _wantsSeeds = true;
        AskForSeeds();
        if (_remembered.Count > 0)
        {
            TryJoinThrough(_remembered[_node.Random.Below(_remembered.Count)]);
        }

        _nextJoin = _node.Now + Backoff();
        if (_joinAttempts == AttemptsUntilNotice && !_wasRefused)
        {
            _node.Driver.Notify(new NodeNotice(NodeNoticeKind.JoinFailed, Number: (ulong)_joinAttempts));
        }
    }

    /// <summary>Doubles from half a second (or half a cycle) to half a minute; drawn from its upper half.</summary>
    private TimeSpan Backoff()
    {
        var shortest = _options.CycleTime / 2 < ShortestBackoff ? _options.CycleTime / 2 : ShortestBackoff;
        var doublings = Math.Min(_joinAttempts - 1, 12);
        var ticks = Math.Min(shortest.Ticks << doublings, LongestBackoff.Ticks);
        return _node.Random.Between(TimeSpan.FromTicks(ticks / 2), TimeSpan.FromTicks(ticks));
    }

    private bool TryJoinThrough(in NodeAddress address)
    {
        foreach (var exchange in _outstanding)
        {
            if (exchange.IsWaiting && exchange.Address == address)
            {
                return true;
            }
        }

        if (FreeSlot() is not { } slot)
        {
            return false;
        }

        slot.Purpose = ExchangePurpose.Join;
        slot.IsHeld = false;
        slot.Partner = NodeId.None;
        slot.Address = address;
        slot.TriesLeft = 0;
        _giftsUntil = _node.Now + _options.CycleTime;
        var push = _rules.Pushes ? ExchangeMode.Push : ExchangeMode.None;
        SendRequest(slot, ExchangeMode.Join | ExchangeMode.Pull | push, partner: null);
        return true;
    }

    /// <summary>
    /// A seed list often names the node itself under another address: its own request came back to it.
    /// </summary>
    private void ForgetContactThatIsThisNode(OutstandingExchange exchange)
    {
        if (exchange.IsWaiting)
        {
            StopWaiting(exchange);
            _contacts.Remove(exchange.Address);
            _seeds.Remove(exchange.Address);
            _node.KnowsContacts &= _contacts.Count + _seeds.Count > 0;
            if (exchange.Purpose != ExchangePurpose.Cycle)
            {
                return;
            }

            if (OtherAddress(exchange) is { IsNone: false } other)
            {
                TryAgain(exchange, other);
                return;
            }

            if (_node.Table.TryFind(exchange.Partner, out var handle) && View.IndexOf(handle) is >= 0 and var index)
            {
                _node.Counters.Evictions++;
                RemoveFromView(index);
            }

            TryAnother(exchange);
        }
    }

    /// <summary>A packet of this node came back to it: a contact that it asked may be the node itself.</summary>
    public void MeetOwnRequest(ReadOnlySpan<byte> frames)
    {
        var reader = new WireReader(frames);
        if (_started && !_left && TryFindRequest(ref reader, out var nonce) && Find(nonce) is { } own)
        {
            ForgetContactThatIsThisNode(own);
        }
    }

    private void OnJoined()
    {
        _joinAttempts = 0;
        _wasRefused = false;
        _node.HasJoined = true;
        if (!_joinedTold)
        {
            _joinedTold = true;
            _node.Driver.Notify(new NodeNotice(NodeNoticeKind.Joined));
        }
    }

    private void OnIsolated()
    {
        _nextJoin = _node.Now;
        TellIsolated();
    }

    private void TellIsolated()
    {
        if (_joinedTold)
        {
            _joinedTold = false;
            _node.Driver.Notify(new NodeNotice(NodeNoticeKind.Isolated));
        }
    }

    /// <summary>
    /// At a low rate and for ever, a peer that did not answer or a seed is asked again. It is only a look: the node
    /// asked changes nothing, and the asker takes one entry, which is enough to bridge a healed partition. All of the
    /// answer would be too much: everybody asks the same few seeds, and what is in their views would be copied
    /// everywhere (measured: the swapper's in-degree deviation at N = 1,000 rose from 4 to 10).
    /// </summary>
    private void RecontactIfDue()
    {
        if (_cycle < _nextRecontactCycle)
        {
            return;
        }

        // Drawn from half to one and a half times the interval, so that nodes do not ask in step.
        var interval = _options.RecontactCycles;
        _nextRecontactCycle = _cycle + Math.Max(1, (interval / 2) + _node.Random.Below(interval + 1));
        if (_node.Now >= _nextSeedRequest)
        {
            AskForSeeds();
        }

        if (_cycle <= 1 || ChooseRecontact() is not { IsNone: false } address || FreeSlot() is not { } slot)
        {
            return;
        }

        _node.Counters.Recontacts++;
        slot.Purpose = ExchangePurpose.Recontact;
        slot.IsHeld = false;
        slot.Partner = NodeId.None;
        slot.Address = address;
        slot.TriesLeft = 0;
        SendRequest(slot, ExchangeMode.Look | ExchangeMode.Pull, partner: null);
    }

    /// <summary>
    /// Of a peer that was lost its own descriptor, which comes first; of a seed a random one of its view.
    /// </summary>
    private void MergeOneOf(ref WireReader reader, int count, bool isContact)
    {
        var wanted = isContact && count > 1 ? 1 + _node.Random.Below(count - 1) : 0;
        for (var i = 0; i < wanted; i++)
        {
            Descriptor.TryRead(ref reader, out _);
        }

        Merge(Admit(ref reader, Math.Min(count, 1)), []);
    }

    /// <summary>
    /// The address under which a contact sees this node, if the node advertises another. An address translator may show
    /// every contact another port, so this is told ever more rarely.
    /// </summary>
    private void CheckSeenAddress(in Link link, in NodeAddress seen)
    {
        var advertised = seen.IsIPv4 ? _node.Self.Addresses.IPv4 : _node.Self.Addresses.IPv6;
        if (link.Kind == LinkKind.Datagram && seen.IsUsable && !advertised.IsNone
            && seen != advertised && seen != _mismatchTold && _tellingOfMismatch.TryTake(_node.Now))
        {
            _mismatchTold = seen;
            _node.Driver.Notify(new NodeNotice(NodeNoticeKind.AddressMismatch, Address: seen));
        }
    }

    private NodeAddress _mismatchTold;
    private WideningPace _tellingOfMismatch = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
}
