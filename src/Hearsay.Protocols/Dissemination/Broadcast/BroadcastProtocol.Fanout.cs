namespace Hearsay.Protocols;

/// <summary>
/// Infect and die. A message comes from anybody, and what may be sent while such an input is handled is no more than
/// came: so it is sent on right afterwards, to peers of this node's own choice.
/// </summary>
public sealed partial class BroadcastProtocol
{
    /// <summary>The most messages that wait to be sent on; those that come meanwhile are delivered and go no further.
    /// </summary>
    private const int FanoutCapacity = 64;

    private readonly Queue<BroadcastId> _toFanOut = [];

    /// <summary>When the messages that wait are sent on.</summary>
    private Instant FanoutAt => _toFanOut.Count > 0 ? Now : Instant.Never;

    private void FanOutSoon(long place)
    {
        if (_toFanOut.Count < FanoutCapacity)
        {
            _toFanOut.Enqueue(_store[place].Id);
        }
        else
        {
            Counters.RateLimited++;
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
