namespace Hearsay.Simulation.Network;

/// <summary>
/// Events by moment and then by number: a heap with four children to a node, which touches fewer cache lines than one
/// with two, of structs without references, which the garbage collector need not look at.
/// </summary>
internal sealed class EventQueue
{
    private const int Arity = 4;

    private VirtualEvent[] _heap = new VirtualEvent[1024];

    /// <summary>How many events wait.</summary>
    public int Count { get; private set; }

    /// <summary>The next event; only if there is one.</summary>
    public ref readonly VirtualEvent First => ref _heap[0];

    /// <summary>Adds an event.</summary>
    public void Add(in VirtualEvent happening)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * Count);
        }

        var place = Count++;
        while (place > 0)
        {
            var parent = (place - 1) / Arity;
            if (_heap[parent].IsBefore(happening))
            {
                break;
            }

            _heap[place] = _heap[parent];
            place = parent;
        }

        _heap[place] = happening;
    }

    /// <summary>Takes the next event out.</summary>
    public VirtualEvent Take()
    {
        var first = _heap[0];
        var last = _heap[--Count];
        var place = 0;
        while (true)
        {
            var child = (Arity * place) + 1;
            if (child >= Count)
            {
                break;
            }

            var end = child + Arity <= Count ? child + Arity : Count;
            for (var other = child + 1; other < end; other++)
            {
                child = _heap[other].IsBefore(_heap[child]) ? other : child;
            }

            if (!_heap[child].IsBefore(last))
            {
                break;
            }

            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = last;
        return first;
    }
}
