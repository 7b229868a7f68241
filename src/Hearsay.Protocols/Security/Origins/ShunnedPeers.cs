namespace Hearsay.Protocols.Security.Origins;

/// <summary>
/// Peers that sent what nobody sends who follows the protocol. For a while nothing is taken from them, and they are no
/// neighbours. Bounded: where too many are shunned, the one that would be forgiven first is.
/// </summary>
internal sealed class ShunnedPeers
{
    /// <summary>The most peers.</summary>
    public const int Capacity = 64;

    /// <summary>For how long a peer is shunned.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(1);

    private readonly List<(NodeId Id, Instant Until)> _peers = new(0);

    /// <summary>Shuns a peer from now on.</summary>
    public void Add(NodeId id, Instant now)
    {
        // In the order in which they are forgiven.
        _peers.RemoveAll(peer => peer.Id == id || peer.Until <= now);
        if (_peers.Count == Capacity)
        {
            _peers.RemoveAt(0);
        }

        _peers.Add((id, now + Time));
    }

    /// <summary>Whether a peer is shunned.</summary>
    public bool Contains(NodeId id, Instant now)
    {
        foreach (var (shunned, until) in _peers)
        {
            if (shunned == id && until > now)
            {
                return true;
            }
        }

        return false;
    }
}
