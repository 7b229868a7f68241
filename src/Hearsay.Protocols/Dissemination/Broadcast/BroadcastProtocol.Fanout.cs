namespace Hearsay.Protocols;

/// <summary>
/// Infect and die. A message comes from anybody and is delivered at once. It is sent on, to peers of this node's own
/// choice, only after an address that it came from has proven itself: else one datagram with any source would draw as
/// many as <see cref="BroadcastOptions.Fanout"/>, from each node that it reaches.
/// </summary>
public sealed partial class BroadcastProtocol
{
    /// <summary>The most messages that wait to be sent on, and the most that wait for a proof. Those that come
    /// meanwhile are delivered and go no further; of those that wait for a proof the oldest gives way.</summary>
    private const int FanoutCapacity = 64;

    private readonly Queue<BroadcastId> _toFanOut = [];

    /// <summary>Messages that came from addresses which have not proven themselves, and those addresses.</summary>
    private readonly List<(BroadcastId Id, NodeAddress From)> _unproven = [];

    /// <summary>When the messages that wait are sent on.</summary>
    private Instant FanoutAt => _toFanOut.Count > 0 ? Now : Instant.Never;

    /// <inheritdoc/>
    void IProtocol.OnProven(IProtocolContext context, in NodeAddress address)
    {
        for (var i = 0; i < _unproven.Count;)
        {
            if (_unproven[i].From == address)
            {
                FanOutSoon(_unproven[i].Id);
                i = 0;
            }
            else
            {
                i++;
            }
        }

        Arm();
    }

    /// <summary>A message is new here, or published here.</summary>
    private void FanOutWhenProven(long place)
    {
        var id = _store[place].Id;
        if (!Has(BroadcastDefects.TrustsStrangers) && _context!.MustProve(out var source))
        {
            AwaitProof(id, source);
        }
        else
        {
            FanOutSoon(id);
        }
    }

    /// <summary>A message came again: if it waits for a proof, this copy may be from who has given one.</summary>
    private void FanOutAgain(in BroadcastId id)
    {
        if (!Waits(id))
        {
            return;
        }

        if (!_context!.MustProve(out var source))
        {
            FanOutSoon(id);
        }
        else if (!_unproven.Contains((id, source)))
        {
            AwaitProof(id, source);
        }
    }

    private void AwaitProof(in BroadcastId id, in NodeAddress source)
    {
        if (_unproven.Count == FanoutCapacity)
        {
            _unproven.RemoveAt(0);
            Counters.NotSentOn++;
        }

        _unproven.Add((id, source));
    }

    private bool Waits(in BroadcastId id)
    {
        foreach (var (waiting, _) in _unproven)
        {
            if (waiting == id)
            {
                return true;
            }
        }

        return false;
    }

    private void FanOutSoon(in BroadcastId id)
    {
        for (var i = _unproven.Count - 1; i >= 0; i--)
        {
            if (_unproven[i].Id == id)
            {
                _unproven.RemoveAt(i);
            }
        }

        if (_toFanOut.Count < FanoutCapacity)
        {
            _toFanOut.Enqueue(id);
        }
        else
        {
            Counters.NotSentOn++;
        }
    }

    private void FanOut()
    {
        while (_toFanOut.TryDequeue(out var id))
        {
            if (_store.TryFind(id, out var place) && _store[place].Body is not null)
            {
                PushToSampled(place);
            }
        }
    }

    private void PushToSampled(long place)
    {
        var count = _context!.Peers.GetPeers(_fanout);
        foreach (ref readonly var peer in _fanout.AsSpan(0, count))
        {
            SendMessage(peer, 0, place, 0);
        }
    }
}
