namespace Hearsay.Protocols.Neighbours;

/// <summary>The requests on their way, at most two for every slot.</summary>
internal sealed class NeighbourRequests
{
    private readonly NeighbourRequest[] _requests;

    public NeighbourRequests(int slots)
    {
        _requests = new NeighbourRequest[2 * slots];
        for (var i = 0; i < _requests.Length; i++)
        {
            _requests[i] = new NeighbourRequest { DueAt = Instant.Never };
        }
    }

    /// <summary>All places, free ones included.</summary>
    public ReadOnlySpan<NeighbourRequest> All => _requests;

    /// <summary>How many hold a slot.</summary>
    public int Confirming
    {
        get
        {
            var count = 0;
            foreach (var request in _requests)
            {
                count += request.IsConfirming ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>How many are on their way.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var request in _requests)
            {
                count += request.IsFree ? 0 : 1;
            }

            return count;
        }
    }

    /// <summary>The request to a peer, or null; with <see cref="NodeId.None"/> a free place.</summary>
    public NeighbourRequest? Find(NodeId id)
    {
        foreach (var request in _requests)
        {
            if (request.Peer.Id == id)
            {
                return request;
            }
        }

        return null;
    }
}
