using System.Runtime.CompilerServices;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.Kernels;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>The active side: cycles, partners, tries and time-outs.</summary>
internal sealed partial class PeerSamplingProtocol
{
    private long _cycle;
    private Instant _nextCycle;

    /// <summary>Exchanges of this cycle that are neither answered nor given up.</summary>
    private int _pending;

    /// <summary>Whether this cycle has not aged the view yet.</summary>
    private bool _cycleIsOpen;

    /// <summary>Up to when the clock has aged the view.</summary>
    private Instant _agedAt;

    /// <summary>Partners tried in this cycle.</summary>
    private readonly uint[] _tried;
    private int _triedCount;

    /// <summary>The cycle in which a remembered peer or contact is looked at again.</summary>
    private long _nextRecontactCycle;

    /// <summary>Begins a cycle at once, whether it is due or not.</summary>
    public void BeginCycle()
    {
        if (!_started || _left)
        {
            return;
        }

        CloseCycle();
        AgeByTheClock();
        _cycle++;
        _node.Counters.Cycles++;
        _nextCycle = NextCycle();
        (_cycleIsOpen, _triedCount, _pending) = (true, 0, 0);
        for (var i = 0; i < _options.Fanout; i++)
        {
            if (TryExchange(_options.TriesPerCycle - 1, first: i == 0))
            {
                _pending++;
            }
        }

        if (_pending == 0)
        {
            CloseCycle();
        }

        RecontactIfDue();
        AskSuspect();
    }

    /// <summary>
    /// Counted from when this cycle was due, or from its place in the last period if it was missed for longer, so that
    /// a driver's coarse timers do not make cycles longer and a stall does not bring nodes into step.
    /// </summary>
    private Instant NextCycle()
    {
        if (_node.Now < _nextCycle)
        {
            return _node.Now + Period();
        }

        var onPlace = Cadence.Next(_nextCycle, _options.CycleTime, _node.Now);
        var next = onPlace + (Period() - _options.CycleTime);
        return next > _node.Now ? next : onPlace;
    }

    private TimeSpan Period()
    {
        var slack = _options.CycleTime * _options.Jitter;
        return _node.Random.Between(_options.CycleTime - slack, _options.CycleTime + slack);
    }

    /// <summary>A cycle ages the view once, after its exchanges, or when the next one begins.</summary>
    private void CloseCycle()
    {
        if (!_cycleIsOpen)
        {
            return;
        }

        _cycleIsOpen = false;
        if (!_rules.AgesByTheClock)
        {
            var view = View;
            ExchangeKernel.Close(_rules, ref view);
            ViewChanged = true;
        }
    }

    /// <summary>Newscast's ages follow time, in fractions of a cycle, and not the node's own turns.</summary>
    private void AgeByTheClock()
    {
        var unit = _options.CycleTime / _rules.AgeUnitsPerCycle;
        if (!_rules.AgesByTheClock || _node.Now - _agedAt < unit)
        {
            return;
        }

        var units = (_node.Now - _agedAt).Ticks / unit.Ticks;
        _agedAt += unit * units;
        foreach (ref var age in _ages.AsSpan(0, _count))
        {
            age = (ushort)Math.Min(age + units, ushort.MaxValue);
        }

        ViewChanged = true;
    }

    [SkipLocalsInit]
    private bool TryExchange(int triesLeft, bool first)
    {
        Span<int> candidates = stackalloc int[PeerSamplingOptions.MaximumViewSize];
        var count = Candidates(candidates);
        var view = View;
        if (count == 0 || FreeSlot() is not { } exchange
            || !ExchangeKernel.TryOpen(
                _rules, ref view, count == _count ? default : candidates[..count], first, ref _node.Random,
                    out var partner))
        {
            return false;
        }

        var info = _node.Table[partner];
        if (view.Count < _count)
        {
            // Cyclon takes its partner out of the view; if it was the last, its answer is waited for before joining
            // again.
            _count = view.Count;
            _node.Table.Unpin(partner);
            _nextJoin = Instant.Max(_nextJoin, _node.Now + _options.EffectiveMaximumTimeout);
            ViewChanged = true;
        }

        _tried[_triedCount++] = partner;
        Ask(exchange, info, RouteOf(partner), triesLeft);
        return true;
    }

    private NodeAddress RouteOf(uint handle)
    {
        ref readonly var info = ref _node.Table[handle];
        return _node.Routes.To(info.Id, info.Addresses);
    }

    private void Ask(OutstandingExchange exchange, in PeerInfo partner, in NodeAddress address, int triesLeft)
    {
        exchange.Purpose = ExchangePurpose.Cycle;
        exchange.IsHeld = false;
        exchange.Partner = partner.Id;
        exchange.Address = address;
        exchange.TriesLeft = triesLeft;
        SendRequest(exchange, Mode, partner);
    }

    private ExchangeMode Mode =>
        (_rules.Pushes ? ExchangeMode.Push : 0) | (_rules.Pulls ? ExchangeMode.Pull : 0);

    /// <summary>Entries not tried in this cycle yet: partners of one cycle are distinct.</summary>
    private int Candidates(Span<int> candidates)
    {
        if (_triedCount == 0)
        {
            return _count;
        }

        var tried = _tried.AsSpan(0, _triedCount);
        var count = 0;
        for (var i = 0; i < _count; i++)
        {
            if (!tried.Contains(_handles[i]))
            {
                candidates[count++] = i;
            }
        }

        return _triedCount < _tried.Length ? count : 0;
    }

    /// <summary>A place for an exchange: an unused one, else the one that expired first.</summary>
    private void StopWaiting(OutstandingExchange exchange)
    {
        _waitingCount -= exchange.IsWaiting ? 1 : 0;
        exchange.IsWaiting = false;
    }

    private OutstandingExchange? FreeSlot()
    {
        OutstandingExchange? free = null;
        foreach (var exchange in _outstanding)
        {
            if (exchange is { IsWaiting: false, IsExpired: false })
            {
                return exchange;
            }

            if (exchange.IsExpired && (free is null || exchange.Deadline < free.Deadline))
            {
                free = exchange;
            }
        }

        return free;
    }

    private void FinishOneOfCycle(long cycle)
    {
        if (cycle == _cycle && _cycleIsOpen && --_pending <= 0)
        {
            CloseCycle();
        }
    }

    private DropReason OnReply(in Link link, NodeId sender, ref WireReader reader)
    {
        var reply = ExchangeReply.Read(ref reader);
        if (reader.Failed || !DescriptorsAreFine(reader, reply.Count))
        {
            return DropReason.Malformed;
        }

        if (Find(reply.Nonce) is not { } exchange)
        {
            return DropReason.Unsolicited;
        }

        AgeByTheClock();
        var late = exchange.IsExpired;
        StopWaiting(exchange);
        exchange.IsExpired = false;
        if (!exchange.IsHeld)
        {
            _roundTrip.Measured(_node.Now - exchange.SentAt);
        }

        Heard(exchange.Address, sender);
        CheckSeenAddress(link, reply.Seen);
        if (reply.WrongTarget || (!exchange.Partner.IsNone && exchange.Partner != sender))
        {
            OnMisdirected(exchange, sender, late, ref reader, reply.Count);
            return DropReason.None;
        }

        _wantsSeeds &= exchange.Purpose != ExchangePurpose.Join;
        JoinedThrough ??= exchange.Purpose == ExchangePurpose.Join
            ? new Peer(sender, new NodeAddresses(exchange.Address), 0, 0, null) : null;
        _node.Counters.LateAnswers += late ? 1 : 0;
        _node.Counters.ExchangesCompleted += late ? 0 : 1;
        if (exchange.Purpose is ExchangePurpose.Recontact or ExchangePurpose.Contest)
        {
            MergeOneOf(ref reader, reply.Count, IsContact(exchange.Address));
        }
        else if (reply.Count > 0)
        {
            Merge(Admit(ref reader, reply.Count), exchange.Sent);
        }

        if (exchange.Purpose == ExchangePurpose.Join && _rules.Form == ExchangeForm.Cyclon)
        {
            StartWalks(exchange.Address, sender);
        }

        if (_count == 0 && exchange.Purpose == ExchangePurpose.Cycle && !late)
        {
            KeepPartner(sender);
        }

        if (exchange.Purpose == ExchangePurpose.Cycle && !late)
        {
            FinishOneOfCycle(exchange.Cycle);
        }

        return DropReason.None;
    }

    /// <summary>
    /// Cyclon took its partner out of the view. In a group of two it gets only itself in return, so who answered stays:
    /// the node is not alone.
    /// </summary>
    private void KeepPartner(NodeId partner)
    {
        if (_rules.Form != ExchangeForm.Cyclon || !_node.Table.TryFind(partner, out var handle)
            || _departed.Contains(partner, _node.Table[handle].Incarnation))
        {
            return;
        }

        _node.Table.Pin(handle);
        var view = View;
        view.Append(handle, 0);
        _count = view.Count;
        ViewChanged = true;
        OnJoined();
    }

    private void Heard(in NodeAddress address, NodeId sender)
    {
        _quarantine.Heard(address);
        _remembered.Remove(address);
        if (_node.Table.TryFind(sender, out var handle))
        {
            _node.Routes.Answered(sender, _node.Table[handle].Addresses, address);
        }
    }

    private OutstandingExchange? Find(ulong nonce)
    {
        foreach (var exchange in _outstanding)
        {
            if (exchange.Nonce == nonce && (exchange.IsWaiting || exchange.IsExpired))
            {
                return exchange;
            }
        }

        return null;
    }
}
