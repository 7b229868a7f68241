namespace Hearsay.Protocols;

/// <summary>
/// Addresses that did not answer: after k contacts in a row without an answer an address is kept out of the view for a while,
/// whoever names it. Hearing from it ends that at once.
/// </summary>
/// <remarks>Bounded: when full, the address whose last failure is longest ago is forgotten.</remarks>
internal sealed class Quarantine(int capacity, int after)
{
    private readonly NodeAddress[] _addresses = new NodeAddress[capacity];
    private readonly int[] _failures = new int[capacity];
    private readonly Instant[] _until = new Instant[capacity];
    private int _count;

    /// <summary>How many addresses are on record.</summary>
    public int Count => _count;

    /// <summary>A contact was not answered.</summary>
    /// <param name="address">Where it went.</param>
    /// <param name="until">How long the address stays out if this was one too many.</param>
    public void Failed(in NodeAddress address, Instant until)
    {
        var index = Array.IndexOf(_addresses, address, 0, _count);
        if (index < 0)
        {
            index = _count < capacity ? _count++ : Oldest();
            _addresses[index] = address;
            _failures[index] = 0;
        }

        _failures[index] = Math.Min(_failures[index] + 1, ushort.MaxValue);
        _until[index] = until;
    }

    /// <summary>The address was heard of.</summary>
    public void Heard(in NodeAddress address)
    {
        if (_count == 0)
        {
            return;
        }

        var index = Array.IndexOf(_addresses, address, 0, _count);
        if (index >= 0)
        {
            _count--;
            (_addresses[index], _failures[index], _until[index]) =
                (_addresses[_count], _failures[_count], _until[_count]);
        }
    }

    /// <summary>Whether the address stays out for now.</summary>
    public bool Holds(in NodeAddress address, Instant now)
    {
        if (_count == 0)
        {
            return false;
        }

        var index = Array.IndexOf(_addresses, address, 0, _count);
        return index >= 0 && _failures[index] >= after && now < _until[index];
    }

    private int Oldest()
    {
        var oldest = 0;
        for (var i = 1; i < _count; i++)
        {
            oldest = _until[i] < _until[oldest] ? i : oldest;
        }

        return oldest;
    }
}
