using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>
/// Peers that have left the view, the latest of them. If one is back after a long absence, a partition may have healed,
/// and it may have what nobody here has. Those that stay away are worth a heartbeat now and then, for the same reason:
/// they may be on the other side of a partition, and the first that answers tells that it has healed.
/// </summary>
/// <param name="absence">What is long.</param>
/// <param name="memory">After so long a peer that stays away is left to peer sampling.</param>
internal sealed class ReturnedPeers(TimeSpan absence, TimeSpan memory)
{
    /// <summary>How many peers are remembered that have left the view.</summary>
    public const int MostPeers = 1_024;

    private const int MostDraws = 4;

    private readonly List<(Peer Peer, Instant Left)> _away = [];

    /// <summary>Where each of them is.</summary>
    private readonly Dictionary<NodeId, int> _places = [];

    /// <summary>A peer has left the view.</summary>
    public void Leave(in Peer peer, Instant now)
    {
        Forget(peer.Id);
        if (_away.Count == MostPeers)
        {
            Forget(_away.MinBy(static one => one.Left).Peer.Id);
        }

        _places.Add(peer.Id, _away.Count);
        _away.Add((peer, now));
    }

    /// <summary>A peer has come into the view; true if it was away for long.</summary>
    public bool Come(NodeId peer, Instant now)
    {
        var isLong = _places.TryGetValue(peer, out var place) && now - _away[place].Left >= absence;
        Forget(peer);
        return isLong;
    }

    /// <summary>Draws one that has been away for long, and not for too long; false if none is drawn.</summary>
    public bool TryDraw(ref SeededRandom random, Instant now, out Peer peer)
    {
        for (var i = 0; i < MostDraws && _away.Count > 0; i++)
        {
            (peer, var left) = _away[random.Below(_away.Count)];
            if (now - left > memory)
            {
                Forget(peer.Id);
            }
            else if (now - left >= absence)
            {
                return true;
            }
        }

        peer = default;
        return false;
    }

    private void Forget(NodeId peer)
    {
        if (_places.Remove(peer, out var place))
        {
            _away[place] = _away[^1];
            _away.RemoveAt(_away.Count - 1);
            if (place < _away.Count)
            {
                _places[_away[place].Peer.Id] = place;
            }
        }
    }
}
