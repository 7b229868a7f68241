using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Liveness;

/// <summary>
/// Peers that said they leave, each with the incarnation that left: descriptors of it that still go round bring nobody
/// back; a higher incarnation is a return.
/// </summary>
/// <remarks>Bounded: the earliest departure is forgotten first, by when its descriptors have aged away.</remarks>
internal sealed class DepartedPeers(int capacity)
{
    private readonly NodeId[] _ids = new NodeId[capacity];
    private readonly ulong[] _incarnations = new ulong[capacity];
    private int _count;
    private int _next;

    /// <summary>Departures that gave way because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_ids) + ArrayMemory.SizeBytes(_incarnations);

    /// <summary>Remembers a departure.</summary>
    public void Add(NodeId id, ulong incarnation)
    {
        var index = Array.IndexOf(_ids, id, 0, _count);
        if (index < 0)
        {
            Forgotten += _count < capacity ? 0 : 1;
            index = _next;
            _next = (_next + 1) % capacity;
            _count = Math.Min(_count + 1, capacity);
            _ids[index] = id;
            _incarnations[index] = incarnation;
            return;
        }

        _incarnations[index] = Math.Max(_incarnations[index], incarnation);
    }

    /// <summary>Whether this life of a peer has ended.</summary>
    public bool Contains(NodeId id, ulong incarnation) => Contains(id, incarnation, out _);

    /// <summary>Whether this life of a peer has ended, and which was the last.</summary>
    public bool Contains(NodeId id, ulong incarnation, out ulong last)
    {
        var index = _count == 0 ? -1 : Array.IndexOf(_ids, id, 0, _count);
        last = index >= 0 ? _incarnations[index] : 0;
        return index >= 0 && incarnation <= last;
    }
}
