namespace Hearsay.Protocols.Broadcast.Repair;

/// <summary>Slots ordered by when they are due; a slot is in it once at most and can be moved or taken out.</summary>
internal sealed class DueHeap
{
    private int[] _heap = new int[8];
    private int[] _place = [];
    private Instant[] _due = [];
    private int _count;

    public Instant NextDue => _count == 0 ? Instant.Never : _due[_heap[0]];

    /// <summary>The slot that is due first; only if there is one.</summary>
    public int First => _heap[0];

    public void Set(int slot, Instant due)
    {
        Fit(slot);
        var old = _due[slot];
        _due[slot] = due;
        if (_place[slot] == 0)
        {
            _heap[_count] = slot;
            _place[slot] = ++_count;
            Up(_count - 1);
        }
        else if (due < old)
        {
            Up(_place[slot] - 1);
        }
        else
        {
            Down(_place[slot] - 1);
        }
    }

    public Instant Due(int slot) => slot < _place.Length && _place[slot] > 0 ? _due[slot] : Instant.Never;

    public void Remove(int slot)
    {
        if (slot >= _place.Length || _place[slot] == 0)
        {
            return;
        }

        var place = _place[slot] - 1;
        _place[slot] = 0;
        var last = _heap[--_count];
        if (last != slot)
        {
            Put(last, place);
            Up(place);
            Down(_place[last] - 1);
        }
    }

    private void Up(int place)
    {
        var slot = _heap[place];
        while (place > 0 && _due[slot] < _due[_heap[(place - 1) / 2]])
        {
            Put(_heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(slot, place);
    }

    private void Down(int place)
    {
        var slot = _heap[place];
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _count)
            {
                break;
            }

            child += child + 1 < _count && _due[_heap[child + 1]] < _due[_heap[child]] ? 1 : 0;
            if (_due[slot] <= _due[_heap[child]])
            {
                break;
            }

            Put(_heap[child], place);
            place = child;
        }

        Put(slot, place);
    }

    private void Put(int slot, int place) => (_heap[place], _place[slot]) = (slot, place + 1);

    private void Fit(int slot)
    {
        if (slot >= _place.Length)
        {
            var length = Math.Max(8, 2 * slot);
            Array.Resize(ref _place, length);
            Array.Resize(ref _due, length);
            Array.Resize(ref _heap, length);
        }
    }
}
