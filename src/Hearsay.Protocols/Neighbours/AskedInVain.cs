namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// Who did not answer a request in this round. The sampling service names a peer until it finds out itself that nobody
/// of that id lives at that address; without this record such a peer would be asked again as soon as it was given up.
/// </summary>
/// <param name="capacity">How many requests a round may make in vain before it asks no more of that service.</param>
internal sealed class AskedInVain(int capacity)
{
    private readonly NodeId[] _ids = new NodeId[capacity];
    private int _count;

    /// <summary>Whether so many did not answer that the next round is waited for.</summary>
    public bool IsFull => _count == _ids.Length;

    /// <summary>Whether a peer was asked in vain in this round.</summary>
    public bool Contains(NodeId id) => _ids.AsSpan(0, _count).Contains(id);

    /// <summary>A peer did not answer.</summary>
    public void Add(NodeId id)
    {
        if (!IsFull && !Contains(id))
        {
            _ids[_count++] = id;
        }
    }

    /// <summary>A new round: everybody may be asked again.</summary>
    public void Clear() => _count = 0;
}
