namespace Hearsay.Protocols.Requests;

/// <summary>The requests of this node to one peer.</summary>
internal sealed class OutgoingConversation(NodeId peer, ulong id)
{
    /// <summary>Those that wait for an answer, the lowest number first.</summary>
    private readonly List<OutgoingRequest> _open = [];

    private ulong _last;

    /// <summary>Who is asked.</summary>
    public NodeId Peer => peer;

    /// <summary>Its random number.</summary>
    public ulong Id => id;

    /// <summary>Whether something of it has come back.</summary>
    public bool IsKnown { get; set; }

    /// <summary>When it was last used.</summary>
    public Instant UsedAt { get; set; }

    /// <summary>How many wait for an answer.</summary>
    public int Count => _open.Count;

    /// <summary>The lowest number that is waited for, or the next one.</summary>
    public ulong Floor => _open.Count > 0 ? _open[0].Sequence : End;

    /// <summary>Whether another number may be used. It is within the window of the responder then.</summary>
    public bool HasRoom => End < Floor + RequestMessage.Window;

    /// <summary>The number after the last one that was used.</summary>
    public ulong End => _last + 1;

    /// <summary>Gives a request its number.</summary>
    public void Add(OutgoingRequest request)
    {
        (request.Conversation, request.Sequence) = (this, ++_last);
        _open.Add(request);
    }

    /// <summary>The end of a request.</summary>
    public void Remove(OutgoingRequest request)
    {
        _open.Remove(request);
        request.Conversation = null;
    }

    /// <summary>An open request by its number, or null.</summary>
    public OutgoingRequest? Find(ulong sequence)
    {
        foreach (var request in _open)
        {
            if (request.Sequence == sequence)
            {
                return request;
            }
        }

        return null;
    }

    /// <summary>One of the open ones, the lowest number first.</summary>
    public OutgoingRequest this[int index] => _open[index];
}
