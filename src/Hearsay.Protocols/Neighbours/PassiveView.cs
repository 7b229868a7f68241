namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// Spare peers, to replace neighbours with. A set; each entry knows in which round it was last asked, so that a round
/// asks each once.
/// </summary>
internal sealed class PassiveView(int capacity)
{
    private readonly Peer[] _peers = new Peer[capacity];
    private readonly long[] _rounds = new long[capacity];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them, in no order that means anything.</summary>
    public ref readonly Peer this[int index] => ref _peers[index];

    /// <summary>Whether a peer is among them.</summary>
    public bool Contains(NodeId id) => Find(id) >= 0;

    /// <summary>
    /// Takes a peer in, or what is newer of one that is there. Where there is no room, one of those that were sent
    /// elsewhere gives way, else a random one.
    /// </summary>
    public void Add(in Peer peer, ref SeededRandom random, ReadOnlySpan<NodeId> sent)
    {
        var index = Find(peer.Id);
        if (index >= 0)
        {
            _peers[index] = peer.Incarnation > _peers[index].Incarnation ? peer : _peers[index];
            return;
        }

        if (Count == _peers.Length)
        {
            RemoveAt(ToGiveWay(ref random, sent));
        }

        (_peers[Count], _rounds[Count]) = (peer, 0);
        Count++;
    }

    /// <summary>Takes a peer out, if it is there.</summary>
    public void Remove(NodeId id)
    {
        var index = Find(id);
        if (index >= 0)
        {
            RemoveAt(index);
        }
    }

    /// <summary>A random peer that was not asked in this round; it has been from now on.</summary>
    public bool TryDrawUnasked(ref SeededRandom random, long round, out Peer peer)
    {
        var (chosen, seen) = (-1, 0);
        for (var i = 0; i < Count; i++)
        {
            if (_rounds[i] != round && random.Below(++seen) == 0)
            {
                chosen = i;
            }
        }

        peer = chosen < 0 ? default : _peers[chosen];
        if (chosen >= 0)
        {
            _rounds[chosen] = round;
        }

        return chosen >= 0;
    }

    /// <summary>Marks a peer as asked in this round, if it is there.</summary>
    public void Asked(NodeId id, long round)
    {
        var index = Find(id);
        if (index >= 0)
        {
            _rounds[index] = round;
        }
    }

    /// <summary>Puts random peers into the first places, without repetition.</summary>
    /// <returns>How many there are: fewer than asked for if the view is smaller.</returns>
    public int MoveRandomToFront(ref SeededRandom random, int count)
    {
        count = Math.Min(count, Count);
        for (var i = 0; i < count; i++)
        {
            var j = i + random.Below(Count - i);
            (_peers[i], _peers[j]) = (_peers[j], _peers[i]);
            (_rounds[i], _rounds[j]) = (_rounds[j], _rounds[i]);
        }

        return count;
    }

    private int ToGiveWay(ref SeededRandom random, ReadOnlySpan<NodeId> sent)
    {
        foreach (var id in sent)
        {
            var index = Find(id);
            if (index >= 0)
            {
                return index;
            }
        }

        return random.Below(Count);
    }

    private int Find(NodeId id)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_peers[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    private void RemoveAt(int index)
    {
        Count--;
        (_peers[index], _rounds[index]) = (_peers[Count], _rounds[Count]);
        _peers[Count] = default;
    }
}
