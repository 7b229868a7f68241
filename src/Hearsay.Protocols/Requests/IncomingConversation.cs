namespace Hearsay.Protocols.Requests;

/// <summary>The requests of one asker to this node, as far as the asker has not confirmed their ends.</summary>
internal sealed class IncomingConversation(ulong id, Peer from, Instant now)
{
    /// <summary>Those at or above the floor, by their number; at most a window.</summary>
    private readonly Dictionary<ulong, IncomingRequest> _requests = [];

    private Instant _second = now;
    private int _inSecond;

    /// <summary>Its random number.</summary>
    public ulong Id => id;

    /// <summary>Who asks, as last seen.</summary>
    public Peer From { get; set; } = from;

    /// <summary>All requests below have ended for their asker, and none of them is handled any more.</summary>
    public ulong Floor { get; private set; } = 1;

    /// <summary>Handlers that run for it, those that were cancelled included.</summary>
    public int Running { get; set; }

    /// <summary>When something last came.</summary>
    public Instant UsedAt { get; set; } = now;

    /// <summary>How many requests it holds.</summary>
    public int Count => _requests.Count;

    /// <summary>Those it holds.</summary>
    public Dictionary<ulong, IncomingRequest> Requests => _requests;

    /// <summary>Whether another request may be handled in this second.</summary>
    public bool TryCount(Instant now, int perSecond)
    {
        if (now - _second >= TimeSpan.FromSeconds(1))
        {
            (_second, _inSecond) = (now, 0);
        }

        return ++_inSecond <= perSecond;
    }

    /// <summary>Raises the floor.</summary>
    /// <param name="floor">The new floor; a lower one changes nothing.</param>
    /// <param name="dropped">Takes the requests that are forgotten with their numbers.</param>
    public void Raise(ulong floor, List<(ulong Sequence, IncomingRequest Request)> dropped)
    {
        if (floor <= Floor)
        {
            return;
        }

        Floor = floor;
        foreach (var (sequence, request) in _requests)
        {
            if (sequence < floor)
            {
                dropped.Add((sequence, request));
                _requests.Remove(sequence); // Allowed while enumerating.
            }
        }
    }

    /// <summary>The asker waits for nothing below a number, and asks nothing more.</summary>
    /// <param name="end">The number after the last one.</param>
    /// <param name="dropped">As for <see cref="Raise"/>.</param>
    public void Close(ulong end, List<(ulong Sequence, IncomingRequest Request)> dropped)
    {
        Raise(end, dropped);
        _requests.TrimExcess();
    }
}
