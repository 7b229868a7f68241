namespace Hearsay.Protocols.Aggregation.FlowUpdating;

/// <summary>
/// A few peers taken from the sampler that stay until they fail, and those that asked for a link themselves: in places
/// that do not move, so that flows can be kept by place.
/// </summary>
internal sealed class StickyNeighbours(int capacity)
{
    private StickyLink[] _links = [];

    /// <summary>How many there may be.</summary>
    public int Capacity => capacity;

    /// <summary>How many places there are: all from the first neighbour on, none before.</summary>
    public int Places => _links.Length;

    /// <summary>How many are in use.</summary>
    public int Count { get; private set; }

    /// <summary>How many of those asked for the link and did not answer a probe yet.</summary>
    public int Probed
    {
        get
        {
            var probed = 0;
            foreach (ref readonly var link in _links.AsSpan())
            {
                probed += link.IsProbed ? 1 : 0;
            }

            return probed;
        }
    }

    /// <summary>Whether all are.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>A place.</summary>
    public ref StickyLink this[int place] => ref _links[place];

    /// <summary>The place of a peer, or -1.</summary>
    public int Find(NodeId id)
    {
        for (var place = 0; place < _links.Length; place++)
        {
            if (_links[place].Peer.Id == id)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>Takes a free place; there must be one.</summary>
    public int Add(in Peer peer, uint number)
    {
        _links = _links.Length > 0 ? _links : new StickyLink[capacity];
        var place = Find(NodeId.None);
        _links[place] = new StickyLink { Peer = peer, Sent = number };
        Count++;
        return place;
    }

    /// <summary>Frees a place.</summary>
    public void Remove(int place)
    {
        _links[place] = default;
        Count--;
    }

    /// <summary>
    /// The place of the next neighbour to exchange with, or -1: a random one of those that had no turn in this round,
    /// so each has one in every round and none is left alone for long. Who is only probed has no turns.
    /// </summary>
    public int NextTurn(ref SeededRandom random)
    {
        var count = CountWaiting();
        if (count == 0)
        {
            foreach (ref var link in _links.AsSpan())
            {
                link.HadTurn = false;
            }

            count = CountWaiting();
        }

        var wanted = count == 0 ? 0 : random.Below(count);
        for (var place = 0; place < _links.Length; place++)
        {
            if (_links[place].WaitsForTurn && wanted-- == 0)
            {
                _links[place].HadTurn = true;
                return place;
            }
        }

        return -1;
    }

    private int CountWaiting()
    {
        var count = 0;
        foreach (ref readonly var link in _links.AsSpan())
        {
            count += link.WaitsForTurn ? 1 : 0;
        }

        return count;
    }
}
