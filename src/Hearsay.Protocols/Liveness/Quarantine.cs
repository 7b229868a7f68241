using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Liveness;

/// <summary>
/// Addresses that did not answer. After one failure, descriptors spoken before it are old news: only a fresher one
/// brings the address back. After k failures in a row it is kept out of the view for a while, whoever names it. Hearing
/// from it ends both at once.
/// </summary>
/// <remarks>
/// Old news stays out for as long as the failure is remembered, and not only for a while: in a group hardly larger than
/// its views everybody would give a dead peer back to those who have forgotten it, for ever, as an infection that
/// leaves no lasting immunity. Bounded: when full, the address whose last failure is longest ago is forgotten.
/// </remarks>
internal sealed class Quarantine(int capacity, int after, TimeSpan hold)
{
    private NodeAddress[] _addresses = new NodeAddress[capacity];
    private int[] _failures = new int[capacity];
    private Instant[] _failedAt = new Instant[capacity];
    private int _count;

    /// <summary>Addresses that gave way because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>How many addresses are on record.</summary>
    public int Count => _count;

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes =>
        ArrayMemory.SizeBytes(_addresses) + ArrayMemory.SizeBytes(_failures) + ArrayMemory.SizeBytes(_failedAt);

    /// <summary>From now on at least so many addresses are remembered: peers may have two.</summary>
    public void MakeRoom(int addresses)
    {
        if (addresses > _addresses.Length)
        {
            Array.Resize(ref _addresses, addresses);
            Array.Resize(ref _failures, addresses);
            Array.Resize(ref _failedAt, addresses);
        }
    }

    /// <summary>An address is kept out for another time from now on.</summary>
    public void ChangeHold(TimeSpan time) => hold = time;

    /// <summary>A contact was not answered.</summary>
    public void Failed(in NodeAddress address, Instant now)
    {
        if (address.IsNone)
        {
            return;
        }

        var index = Array.IndexOf(_addresses, address, 0, _count);
        if (index < 0)
        {
            Forgotten += _count < _addresses.Length ? 0 : 1;
            index = _count < _addresses.Length ? _count++ : Oldest();
            _addresses[index] = address;
            _failures[index] = 0;
        }

        _failures[index] = Math.Min(_failures[index] + 1, ushort.MaxValue);
        _failedAt[index] = now;
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
            (_addresses[index], _failures[index], _failedAt[index]) =
                (_addresses[_count], _failures[_count], _failedAt[_count]);
        }
    }

    /// <summary>Whether a descriptor of this address stays out for now.</summary>
    /// <param name="address">The address.</param>
    /// <param name="spokenAt">About when its owner spoke it, as its age tells.</param>
    /// <param name="earliest">
    /// When it was spoken at the earliest. Until the hold is over, the likely moment decides, so that a live peer is
    /// soon back; from then on this one, which never mistakes old news for new.
    /// </param>
    /// <param name="now">The present moment.</param>
    public bool Holds(in NodeAddress address, Instant spokenAt, Instant earliest, Instant now)
    {
        if (_count == 0)
        {
            return false;
        }

        var index = Array.IndexOf(_addresses, address, 0, _count);
        if (index < 0)
        {
            return false;
        }

        return now < _failedAt[index] + hold
            ? _failures[index] >= after || spokenAt <= _failedAt[index]
            : earliest <= _failedAt[index];
    }

    private int Oldest()
    {
        var oldest = 0;
        for (var i = 1; i < _count; i++)
        {
            oldest = _failedAt[i] < _failedAt[oldest] ? i : oldest;
        }

        return oldest;
    }
}
