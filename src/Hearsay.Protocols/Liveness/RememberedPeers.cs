using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Liveness;

/// <summary>
/// Addresses worth another contact, for ever: peers that were evicted because they did not answer, seeds, and the
/// contacts the node was given. When a partition heals, one of them answers.
/// </summary>
/// <remarks>Bounded: when full, a new address takes the place of a random one.</remarks>
internal sealed class RememberedPeers(int capacity)
{
    private readonly NodeAddress[] _addresses = new NodeAddress[capacity];
    private int _count;

    /// <summary>Addresses that gave way because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _count;

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_addresses);

    /// <summary>One of them.</summary>
    public NodeAddress this[int index] => _addresses[index];

    /// <summary>Whether an address is remembered.</summary>
    public bool Contains(in NodeAddress address) => Array.IndexOf(_addresses, address, 0, _count) >= 0;

    /// <summary>Forgets all.</summary>
    public void Clear() => _count = 0;

    /// <summary>Remembers an address.</summary>
    public void Add(in NodeAddress address, ref SeededRandom random)
    {
        if (address.IsNone || Contains(address))
        {
            return;
        }

        Forgotten += _count < capacity ? 0 : 1;
        var index = _count < capacity ? _count++ : random.Below(capacity);
        _addresses[index] = address;
    }

    /// <summary>Forgets an address: it answered, or said it leaves.</summary>
    public void Remove(in NodeAddress address)
    {
        var index = Array.IndexOf(_addresses, address, 0, _count);
        if (index >= 0)
        {
            _addresses[index] = _addresses[--_count];
        }
    }
}
