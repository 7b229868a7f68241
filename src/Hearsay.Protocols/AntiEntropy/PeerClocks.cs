namespace Hearsay.Protocols.AntiEntropy;

/// <summary>
/// The clocks of peers, as their heartbeats tell them. A node whose clock is far from theirs must not remove what it
/// takes for expired.
/// </summary>
internal sealed class PeerClocks
{
    /// <summary>How many peers are remembered, each with its last heartbeat.</summary>
    public const int MostPeers = 15;

    /// <summary>So few say nothing.</summary>
    private const int LeastPeers = 3;

    private readonly Queue<(NodeId Peer, long AheadMilliseconds)> _latest = new();

    /// <summary>By how much the peers' clocks are ahead of this node's: their median. 0 with less than 3 peers.
    /// </summary>
    public long MedianMilliseconds { get; private set; }

    /// <summary>A peer has told its clock.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="aheadMilliseconds">By how much it is ahead of this node's.</param>
    public void Add(NodeId peer, long aheadMilliseconds)
    {
        for (var left = _latest.Count; left > 0; left--)
        {
            var one = _latest.Dequeue();
            if (one.Peer != peer)
            {
                _latest.Enqueue(one);
            }
        }

        _latest.Enqueue((peer, aheadMilliseconds));
        if (_latest.Count > MostPeers)
        {
            _latest.Dequeue();
        }

        var sorted = _latest.Select(static one => one.AheadMilliseconds).Order().ToArray();
        MedianMilliseconds = sorted.Length < LeastPeers ? 0 : sorted[sorted.Length / 2];
    }
}
