using System.Runtime.CompilerServices;

namespace Hearsay.Protocols;

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

    /// <summary>Begins a cycle at once; for drivers that saturate a node.</summary>
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
    }

    /// <summary>
    /// Counted from when this cycle was due, so that a driver's coarse timers do not make cycles longer.
    /// </summary>
    private Instant NextCycle()
    {
        var late = _node.Now - _nextCycle;
        var due = late >= TimeSpan.Zero && late < _options.CycleTime ? _nextCycle : _node.Now;
        var next = due + Period();
        return next > _node.Now ? next : _node.Now + Period();
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
        exchange.Purpose = ExchangePurpose.Cycle;
        exchange.IsHeld = false;
        exchange.Partner = info.Id;
        exchange.Address = _node.Route(info.Addresses);
        exchange.TriesLeft = triesLeft;
        SendRequest(exchange, Mode, info);
        return true;
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

    private void ExpireExchanges()
    {
        if (_node.Now < NextTimeout)
        {
            return;
        }

        foreach (var exchange in _outstanding)
        {
            if (exchange.IsWaiting && _node.Now >= exchange.Deadline)
            {
                StopWaiting(exchange);
                exchange.IsExpired = true;
                OnTimeout(exchange);
            }
        }
    }

    private void OnTimeout(OutstandingExchange exchange)
    {
        _node.Counters.ExchangesTimedOut++;
        _quarantine.Failed(exchange.Address, _node.Now);
        if (exchange.Purpose != ExchangePurpose.Cycle)
        {
            return;
        }

        if (_options.EvictOnTimeout)
        {
            Evict(exchange.Partner, exchange.Address);
        }

        TryAnother(exchange);
    }

    private void Evict(NodeId id, in NodeAddress address)
    {
        _remembered.Add(address, ref _node.Random);
        if (_node.Table.TryFind(id, out var handle) && View.IndexOf(handle) is >= 0 and var index)
        {
            _node.Counters.Evictions++;
            _node.Driver.Notify(new NodeNotice(NodeNoticeKind.Evicted, id, address));
            RemoveFromView(index);
        }
    }

    private void TryAnother(OutstandingExchange failed)
    {
        if (failed.Cycle != _cycle || !_cycleIsOpen)
        {
            return;
        }

        if (failed.TriesLeft > 0 && TryExchange(failed.TriesLeft - 1, first: false))
        {
            return;
        }

        FinishOneOfCycle(failed.Cycle);
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

        _quarantine.Heard(exchange.Address);
        _remembered.Remove(exchange.Address);
        CheckSeenAddress(link, reply.Seen);
        if (reply.WrongTarget || (!exchange.Partner.IsNone && exchange.Partner != sender))
        {
            OnMisdirected(exchange, sender, late, ref reader, reply.Count);
            return DropReason.None;
        }

        _node.Counters.LateAnswers += late ? 1 : 0;
        _node.Counters.ExchangesCompleted += late ? 0 : 1;
        if (exchange.Purpose == ExchangePurpose.Recontact)
        {
            MergeOneOf(ref reader, reply.Count, IsContact(exchange.Address));
        }
        else if (reply.Count > 0)
        {
#if HEARSAY_DEFECTS
            if (Defects.Has(Defect.WrongSentSet))
            {
                exchange = _outstanding[0];
            }

#endif
            Merge(Admit(ref reader, reply.Count), exchange.Sent);
        }

        if (exchange.Purpose == ExchangePurpose.Join && _rules.Form == ExchangeForm.Cyclon)
        {
            StartWalks(exchange.Address);
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

    /// <summary>Another node lives at that address now: the expected one goes, the one that answered is met.</summary>
    private void OnMisdirected(OutstandingExchange exchange, NodeId sender, bool late, ref WireReader reader, int count)
    {
        _node.Counters.ExchangesMisdirected++;
        if (_node.Table.TryFind(exchange.Partner, out var handle)
            && _node.Table[handle].Addresses.Contains(exchange.Address)
            && View.IndexOf(handle) is >= 0 and var index)
        {
            // Its owner raises the incarnation when it moves, so this one lives nowhere any more.
            _departed.Add(exchange.Partner, _node.Table[handle].Incarnation);
            _node.Counters.Evictions++;
            RemoveFromView(index);
        }

        if (count > 0 && sender != _node.Self.Id)
        {
            Merge(Admit(ref reader, 1), []);
        }

        if (exchange.Purpose == ExchangePurpose.Cycle && !late)
        {
            TryAnother(exchange);
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
