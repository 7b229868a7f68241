namespace Hearsay.Protocols.Security.Identity;

/// <summary>The handshakes that this node has begun.</summary>
/// <remarks>Bounded: where all places are taken the oldest gives way, and is counted.</remarks>
internal sealed class PendingHandshakes
{
    /// <summary>The most handshakes.</summary>
    public const int Capacity = 64;

    /// <summary>A handshake that is not answered is begun anew after this long.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>It is given up after this long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private PendingHandshake[] _all = [];

    /// <summary>How many gave way to others.</summary>
    public long Displaced { get; private set; }

    /// <summary>That with a node, or with whoever lives at an address; null if there is none.</summary>
    public PendingHandshake? Find(NodeId peer, in NodeAddress address, Instant now)
    {
        foreach (var pending in _all)
        {
            if (pending.Own != 0 && pending.To.Address == address && pending.Peer == peer && IsAlive(pending, now))
            {
                return pending;
            }
        }

        return null;
    }

    /// <summary>Any with a node; null if there is none.</summary>
    public PendingHandshake? FindPeer(NodeId peer, Instant now)
    {
        foreach (var pending in _all)
        {
            if (pending.Own != 0 && pending.Peer == peer && IsAlive(pending, now))
            {
                return pending;
            }
        }

        return null;
    }

    /// <summary>By this node's number of the session; null if there is none.</summary>
    public PendingHandshake? FindOwn(uint own, Instant now)
    {
        foreach (var pending in _all)
        {
            if (own != 0 && pending.Own == own && IsAlive(pending, now))
            {
                return pending;
            }
        }

        return null;
    }

    /// <summary>By the number that was sent to an address; null if there is none.</summary>
    public PendingHandshake? FindNonce(ulong nonce, Instant now)
    {
        foreach (var pending in _all)
        {
            if (pending.Own != 0 && pending.Nonce == nonce && IsAlive(pending, now))
            {
                return pending;
            }
        }

        return null;
    }

    /// <summary>Whether this node sent a message 1, in a handshake that may still end in a session.</summary>
    public bool HasSent(ReadOnlySpan<byte> first, Instant now)
    {
        foreach (var pending in _all)
        {
            if (pending is { Own: not 0, Noise: not null } && pending.Noise.HasSent(first) && IsAlive(pending, now))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Begins a handshake.</summary>
    public PendingHandshake Begin(uint own, NodeId peer, in Link to, Instant now)
    {
        var pending = FreePlace(now);
        (pending.Own, pending.Peer, pending.To, pending.BegunAt) = (own, peer, to, now);
        (pending.Nonce, pending.Noise, pending.SentAt) = (0, null, new Instant(long.MinValue));
        return pending;
    }

    /// <summary>A handshake is over.</summary>
    public static void End(PendingHandshake pending) => (pending.Own, pending.Noise) = (0, null);

    private static bool IsAlive(PendingHandshake pending, Instant now) => now - pending.BegunAt <= Longest;

    private PendingHandshake FreePlace(Instant now)
    {
        var oldest = _all.Length > 0 ? _all[0] : null;
        foreach (var pending in _all)
        {
            if (pending.Own == 0 || !IsAlive(pending, now))
            {
                return pending;
            }

            oldest = pending.BegunAt < oldest!.BegunAt ? pending : oldest;
        }

        if (_all.Length < Capacity)
        {
            var fresh = new PendingHandshake();
            _all = [.. _all, fresh];
            return fresh;
        }

        Displaced++;
        return oldest!;
    }
}
