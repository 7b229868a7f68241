using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>
/// Notices that a peer is back in the view after a long absence: a partition may have healed, and the peer may have
/// what nobody here has. Which peers were there long ago is remembered for the latest of them only.
/// </summary>
/// <param name="absence">What is long.</param>
internal sealed class ReturnedPeers(TimeSpan absence)
{
    /// <summary>How many peers are remembered that have left the view.</summary>
    public const int MostPeers = 1_024;

    private readonly Dictionary<NodeId, Instant> _left = [];
    private readonly Queue<NodeId> _order = new();

    /// <summary>A peer has left the view.</summary>
    public void Leave(NodeId peer, Instant now)
    {
        if (!_left.ContainsKey(peer))
        {
            _order.Enqueue(peer);
            if (_order.Count > MostPeers)
            {
                _left.Remove(_order.Dequeue());
            }
        }

        _left[peer] = now;
    }

    /// <summary>A peer has come into the view; true if it was away for long.</summary>
    public bool Come(NodeId peer, Instant now) => _left.TryGetValue(peer, out var left) && now - left >= absence;
}
