namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>Exchanges that were not answered, or not by the one who was asked.</summary>
internal sealed partial class PeerSamplingProtocol
{
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
            TellOfSuspect(exchange);
            return;
        }

        if (OtherAddress(exchange) is { IsNone: false } other)
        {
            TryAgain(exchange, other);
            return;
        }

        if (IsTakenByAnother(exchange, out var handle))
        {
            LivesNowhere(handle, exchange.Address, late: false);
        }
        else if (_options.EvictOnTimeout)
        {
            Evict(exchange.Partner, exchange.Address);
        }

        TryAnother(exchange);
    }

    /// <summary>
    /// Whether another node is known to live where the partner was asked. In mode key it cannot say so: it cannot open
    /// what is meant for somebody else.
    /// </summary>
    private bool IsTakenByAnother(OutstandingExchange exchange, out uint handle)
    {
        var resident = _node.Envelope.ResidentOf(exchange.Address, _node.Now);
        return _node.Table.TryFind(exchange.Partner, out handle) && !resident.IsNone && resident != exchange.Partner;
    }

    /// <summary>
    /// One address of the partner leads nowhere. The partner stays in the view while its other address is to be tried.
    /// </summary>
    /// <returns>None if there is no other, or that did not lead to the partner either.</returns>
    private NodeAddress OtherAddress(OutstandingExchange failed)
    {
        if (!_node.Table.TryFind(failed.Partner, out var handle))
        {
            return NodeAddress.None;
        }

        var addresses = _node.Table[handle].Addresses;
        if (addresses.IsDual)
        {
            _quarantine.MakeRoom(2 * QuarantinedAddresses);
        }

        return _node.Routes.Unanswered(failed.Partner, addresses, failed.Address);
    }

    /// <summary>Asks the same partner at its other address: in this cycle, or when its turn comes again.</summary>
    private void TryAgain(OutstandingExchange failed, in NodeAddress other)
    {
        if (_node.Table.TryFind(failed.Partner, out var handle)
            && failed.Cycle == _cycle && _cycleIsOpen && FreeSlot() is { } exchange)
        {
            Ask(exchange, _node.Table[handle], other, failed.TriesLeft);
            return;
        }

        if (View.IndexOf(handle) < 0)
        {
            // Cyclon has taken it out.
            _remembered.Add(other, ref _node.Random);
        }

        FinishOneOfCycle(failed.Cycle);
    }

    private void Evict(NodeId id, in NodeAddress address)
    {
        if (!_node.Table.TryFind(id, out var handle))
        {
            _remembered.Add(address, ref _node.Random);
            return;
        }

        // Of two addresses not the one that was tried last, but the one that worked.
        var addresses = _node.Table[handle].Addresses;
        _remembered.Add(addresses.IsDual ? _node.Routes.To(id, addresses) : address, ref _node.Random);
        if (View.IndexOf(handle) is >= 0 and var index)
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

    /// <summary>
    /// Another node lives at that address now: the expected one goes, unless it may be at its other address, and the
    /// one that answered is met.
    /// </summary>
    private void OnMisdirected(OutstandingExchange exchange, NodeId sender, bool late, ref WireReader reader, int count)
    {
        _node.Counters.ExchangesMisdirected++;
        TellOfSuspect(exchange);
        var other = late ? NodeAddress.None : OtherAddress(exchange);
        if (other.IsNone && _node.Table.TryFind(exchange.Partner, out var handle))
        {
            LivesNowhere(handle, exchange.Address, late);
        }

        if (count > 0 && sender != _node.Self.Id)
        {
            Merge(Admit(ref reader, 1), []);
        }

        if (exchange.Purpose != ExchangePurpose.Cycle || late)
        {
            return;
        }

        if (other.IsNone)
        {
            TryAnother(exchange);
        }
        else
        {
            TryAgain(exchange, other);
        }
    }

    /// <summary>
    /// Its owner raises the incarnation when it moves, so this one is reached nowhere any more. Late news of one of two
    /// addresses says nothing: since the time-out the other is being tried.
    /// </summary>
    private void LivesNowhere(uint handle, in NodeAddress address, bool late)
    {
        var info = _node.Table[handle];
        if (info.Addresses.Contains(address) && !(late && info.Addresses.IsDual)
            && View.IndexOf(handle) is >= 0 and var index)
        {
            _departed.Add(info.Id, info.Incarnation);
            _node.Counters.Evictions++;
            RemoveFromView(index);
        }
    }
}
