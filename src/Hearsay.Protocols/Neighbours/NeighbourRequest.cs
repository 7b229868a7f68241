namespace Hearsay.Protocols.Neighbours;

/// <summary>A request on its way: first asked, then, once accepted, confirmed. Only then does it hold a slot.</summary>
internal sealed class NeighbourRequest
{
    /// <summary>Whom; the default value while this place is free.</summary>
    public Peer Peer { get; set; }

    /// <summary>Ties the answer to it.</summary>
    public ulong Nonce { get; set; }

    /// <summary>How much it is needed.</summary>
    public NeighbourPriority Priority { get; set; }

    /// <summary>The number of the link to be; 0 while it is not accepted.</summary>
    public ulong Link { get; set; }

    /// <summary>How often the present message was sent.</summary>
    public int Tries { get; set; }

    /// <summary>When it was sent last.</summary>
    public Instant SentAt { get; set; }

    /// <summary>When it is sent again or given up.</summary>
    public Instant DueAt { get; set; }

    /// <summary>Whether a join walk ended here: somebody makes room for the newcomer.</summary>
    public bool MakesRoom { get; set; }

    /// <summary>Whether it is asked because a message named it.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Whom somebody should ask who loses a neighbour for this; none if nobody is short.</summary>
    public Peer Hint { get; set; }

    /// <summary>Whether nobody is asked here.</summary>
    public bool IsFree => Peer.Id.IsNone;

    /// <summary>Whether it holds a slot.</summary>
    public bool IsConfirming => Link != 0;

    /// <summary>It is over, one way or the other.</summary>
    public void Clear()
    {
        (Peer, Hint) = (default, default);
        (Nonce, Link, Tries, DueAt) = (0, 0, 0, Instant.Never);
    }
}
