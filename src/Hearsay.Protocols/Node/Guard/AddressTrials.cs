using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Node.Guard;

/// <summary>
/// Addresses that were contacted and have not answered. Each gets one packet a cycle, until it has had
/// <see cref="MaximumTries"/>, and from then on one that is no longer than what came from it. After a long silence all
/// is forgotten, and it may be tried anew.
/// </summary>
/// <remarks>
/// Bounded: grows with use up to <see cref="Capacity"/>; then one that was sent nothing gives way, or else the one
/// whose last try is longest ago.
/// </remarks>
internal sealed class AddressTrials(TimeSpan cycle)
{
    /// <summary>The most addresses kept.</summary>
    public const int Capacity = 256;

    /// <summary>
    /// What an address that never answers gets, from all protocols together: as many packets as a cycle of peer
    /// sampling tries partners.
    /// </summary>
    public const int MaximumTries = 4;

    /// <summary>So many cycles after its last try an address may be tried anew.</summary>
    private const int ForgetAfterCycles = 100;

    private AddressTrial[] _trials = [];
    private int _count;

    /// <summary>How many gave way to others.</summary>
    public long Displaced { get; private set; }

    /// <summary>The bytes of its array.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_trials);

    /// <summary>A trial by its place.</summary>
    public ref readonly AddressTrial this[int place] => ref _trials[place];

    /// <summary>Another time between cycles from now on.</summary>
    public void ChangeCycleTime(TimeSpan time) => cycle = time;

    /// <summary>The place of an address, or -1.</summary>
    public int Find(in NodeAddress address)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_trials[i].Address == address)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The place of the address that was sent a number, or -1.</summary>
    public int FindToken(ulong token)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_trials[i].Token == token)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Puts an address on record that is not yet.</summary>
    /// <returns>Its place.</returns>
    public int Add(in NodeAddress address, ulong token)
    {
        if (_count == _trials.Length && _count < Capacity)
        {
            Array.Resize(ref _trials, Math.Max(4, 2 * _count));
        }

        var place = _count;
        if (place == Capacity)
        {
            place = Dispensable();
            Displaced++;
        }
        else
        {
            _count++;
        }

        _trials[place] = new AddressTrial { Address = address, Token = token };
        return place;
    }

    /// <summary>How long a packet an address may be sent now; 0 for none.</summary>
    public int RoomFor(int place, Instant now)
    {
        ref readonly var trial = ref _trials[place];
        return IsNew(place, now) ? int.MaxValue
            : now - trial.TriedAt < cycle ? 0
            : trial.Tries < MaximumTries ? int.MaxValue : trial.HeardBytes;
    }

    /// <summary>A datagram came from an address.</summary>
    public void Heard(in NodeAddress address, int bytes)
    {
        if (_count > 0 && Find(address) is >= 0 and var place)
        {
            _trials[place].HeardBytes = bytes;
        }
    }

    /// <summary>Whether an address was never sent anything, as far as is remembered.</summary>
    public bool IsNew(int place, Instant now) => _trials[place].Tries == 0 || IsForgotten(_trials[place], now);

    /// <summary>Whether an answer to the last try may still come.</summary>
    public bool IsUnderWay(int place, Instant now) =>
        _trials[place].Tries > 0 && now - _trials[place].TriedAt < cycle;

    /// <summary>The address is sent something.</summary>
    public void Try(int place, Instant now)
    {
        ref var trial = ref _trials[place];
        var tries = IsForgotten(trial, now) ? 1 : Math.Min(trial.Tries + 1, MaximumTries);
        (trial.Tries, trial.TriedAt, trial.HeardBytes) = (tries, now, 0);
    }

    /// <summary>The address answered.</summary>
    public void Remove(int place) => _trials[place] = _trials[--_count];

    private bool IsForgotten(in AddressTrial trial, Instant now) =>
        trial.Tries > 0 && now - trial.TriedAt >= ForgetAfterCycles * cycle;

    private int Dispensable()
    {
        var found = 0;
        for (var i = 1; i < _count && _trials[found].Tries > 0; i++)
        {
            found = _trials[i].Tries == 0 || _trials[i].TriedAt < _trials[found].TriedAt ? i : found;
        }

        return found;
    }
}
