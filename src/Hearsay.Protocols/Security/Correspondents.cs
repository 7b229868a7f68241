using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Security;

/// <summary>
/// The nodes whose records are opened without a question: each has an open window. What is not used for a minute is
/// forgotten.
/// </summary>
/// <remarks>
/// Bounded: grows with use up to <see cref="Capacity"/>. Then one of the network that has most gives way, at random,
/// and such as have sent little before the others. None gives way while a cookie for it could still be taken, or what
/// it sent could be sent again. Where all are such, a newcomer is refused.
/// </remarks>
internal sealed class Correspondents
{
    /// <summary>The most windows.</summary>
    public const int Capacity = 1024;

    /// <summary>A window that is not used for so long is closed.</summary>
    public static readonly TimeSpan Unused = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The longest life of a window. Boots live for a minute, and within this time two clocks that differ by a tenth
    /// drift by less than what counts as late.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    /// <summary>Longer than anything that was opened could be opened again.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <summary>A full table is looked through for what is not used this often.</summary>
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(1);

    private readonly Dictionary<UInt128, int> _byBoot;
    private readonly Dictionary<UInt128, int> _byPeer;
    private readonly Dictionary<ulong, int> _byPrefix = [];
    private readonly Stack<int> _free = [];
    private Correspondent[] _places = [];
    private readonly ReplayWindows _windows = new();
    private SeededRandom _random;
    private Instant _sweptAt = new(long.MinValue);

    /// <summary>A table without entries.</summary>
    /// <param name="secret">Known to nobody else.</param>
    public Correspondents(ulong secret)
    {
        var comparer = new KeyedComparer(secret);
        (_byBoot, _byPeer) = (new(comparer), new(comparer));
        _random = new SeededRandom(SeededRandom.Mix(secret));
    }

    /// <summary>How many there are.</summary>
    public int Count => _byBoot.Count;

    /// <summary>How many were opened.</summary>
    public long Opened { get; private set; }

    /// <summary>How many gave way to others.</summary>
    public long Displaced { get; private set; }

    /// <summary>When one last did.</summary>
    public Instant DisplacedAt { get; private set; }

    /// <summary>How many newcomers were refused because nobody could give way.</summary>
    public long Refused { get; private set; }

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_places) + _windows.StateBytes;

    /// <summary>An entry by its place.</summary>
    public ref Correspondent this[int place] => ref _places[place];

    /// <summary>The place of a boot whose window is open; -1 if there is none.</summary>
    public int Find(UInt128 boot, Instant now)
    {
        if (!_byBoot.TryGetValue(boot, out var place))
        {
            return -1;
        }

        if (!IsOver(_places[place], now))
        {
            return place;
        }

        Remove(place);
        return -1;
    }

    /// <summary>
    /// The place of the latest boot of a node at an address; -1 if it has none. By both, since a holder of the key can
    /// use the id of another, and not its address.
    /// </summary>
    public int FindNode(NodeId id, in NodeAddress address, Instant now) =>
        _byPeer.TryGetValue(KeyOf(id, address), out var place) && !IsOver(_places[place], now) ? place : -1;

    /// <summary>The node at an address that was heard last; none if none was in the last minute.</summary>
    public NodeId ResidentOf(in NodeAddress address, Instant now)
    {
        var (found, heardAt) = (NodeId.None, now + -Unused);
        foreach (ref readonly var entry in _places.AsSpan())
        {
            if (entry.Boot != 0 && entry.HeardAt > heardAt && entry.Address == address)
            {
                (found, heardAt) = (entry.Id, entry.HeardAt);
            }
        }

        return found;
    }

    /// <summary>
    /// Opens a window at a record. While windows give way to others, nothing that was sent before it is opened: it may
    /// have come through a window that is closed now.
    /// </summary>
    /// <param name="id">The sender.</param>
    /// <param name="boot">Its boot, which has no window.</param>
    /// <param name="number">The number of the record.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="now">The present moment.</param>
    /// <returns>Its place; -1 if there is none.</returns>
    public int Open(NodeId id, UInt128 boot, uint number, in NodeAddress address, Instant now)
    {
        var place = Free(now);
        if (place < 0)
        {
            Refused++;
            return -1;
        }

        var isStream = (number & RecordFormat.StreamBit) != 0;
        _places[place] = new Correspondent
        {
            Id = id, Boot = boot, Address = address, Prefix = PrefixOf(address),
            OpenedAt = now, HeardAt = now, SentAt = now,
            HighestDatagram = isStream ? 0 : number,
            HighestStream = isStream ? number & ~RecordFormat.StreamBit : 0,
            Latest = number, First = number,
        };
        Opened++;
        _windows.Open(place, isSeen: HasDisplaced(now));
        _byBoot.Add(boot, place);
        _byPeer[KeyOf(id, address)] = place;
        _byPrefix[_places[place].Prefix] = _byPrefix.GetValueOrDefault(_places[place].Prefix) + 1;
        return place;
    }

    /// <summary>Whether a window gave way to another so lately that what came through it could come again.</summary>
    public bool HasDisplaced(Instant now) => Displaced > 0 && now - DisplacedAt <= Longest;

    /// <summary>Whether a number of a sender may be new.</summary>
    public bool IsNew(int place, uint number)
    {
        ref readonly var entry = ref _places[place];
        return _windows.IsNew(place, number, entry.HighestDatagram, entry.HighestStream);
    }

    /// <summary>A record of a sender was opened.</summary>
    public void Mark(int place, uint number, Instant now)
    {
        ref var entry = ref _places[place];
        _windows.Mark(place, number, ref entry.HighestDatagram, ref entry.HighestStream);
        (entry.Latest, entry.HeardAt) = (number, now);
        entry.Opened = Math.Min(entry.Opened + 1, Correspondent.Settled);
    }

    /// <summary>The addresses of one network: the first 24 bits of IPv4, 48 of IPv6.</summary>
    internal static ulong PrefixOf(in NodeAddress address) =>
        address.IsIPv4 ? 0xFFFF_0000_0000_0000 | (address.IPv4Bits >> 8) : address.HighBits >> 16;

    private static UInt128 KeyOf(NodeId id, in NodeAddress address) => new(
        id.High ^ SeededRandom.Mix(address.HighBits ^ address.Port), id.Low ^ SeededRandom.Mix(address.LowBits));

    private static bool IsOver(in Correspondent entry, Instant now) =>
        now > entry.KeptUntil && (now - entry.HeardAt > Unused
            || (now - entry.OpenedAt > Longest && now - entry.HeardAt > Settling));

    /// <summary>A free place; -1 if nobody can give way.</summary>
    private int Free(Instant now)
    {
        if (_free.Count == 0 && now - _sweptAt >= BetweenSweeps)
        {
            _sweptAt = now;
            RemoveUnused(now);
        }

        if (_free.Count == 0 && _places.Length < Capacity)
        {
            Grow();
        }

        return _free.Count > 0 || TryDisplace(now) ? _free.Pop() : -1;
    }

    private void Grow()
    {
        var (before, length) = (_places.Length, Math.Max(8, 2 * _places.Length));
        Array.Resize(ref _places, length);
        _windows.Grow(length);
        for (var place = length - 1; place >= before; place--)
        {
            _free.Push(place);
        }
    }

    private void RemoveUnused(Instant now)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            if (_places[i].Boot != 0 && IsOver(_places[i], now))
            {
                Remove(i);
            }
        }
    }

    private bool TryDisplace(Instant now)
    {
        var (fullest, most) = (0UL, 0);
        foreach (var (prefix, count) in _byPrefix)
        {
            (fullest, most) = count > most || (count == most && prefix < fullest) ? (prefix, count) : (fullest, most);
        }

        var start = _random.Below(_places.Length);
        var settled = -1;
        for (var i = 0; i < _places.Length; i++)
        {
            var place = (start + i) % _places.Length;
            ref readonly var entry = ref _places[place];
            if (entry.Prefix != fullest || now <= entry.KeptUntil)
            {
                continue;
            }

            if (entry.Opened < Correspondent.Settled)
            {
                Displace(place, now);
                return true;
            }

            settled = settled < 0 ? place : settled;
        }

        if (settled >= 0)
        {
            Displace(settled, now);
        }

        return settled >= 0;
    }

    private void Displace(int place, Instant now)
    {
        (Displaced, DisplacedAt) = (Displaced + 1, now);
        Remove(place);
    }

    private void Remove(int place)
    {
        ref var entry = ref _places[place];
        _byBoot.Remove(entry.Boot);
        var peer = KeyOf(entry.Id, entry.Address);
        if (_byPeer.TryGetValue(peer, out var latest) && latest == place)
        {
            _byPeer.Remove(peer);
        }

        var left = _byPrefix[entry.Prefix] - 1;
        if (left == 0)
        {
            _byPrefix.Remove(entry.Prefix);
        }
        else
        {
            _byPrefix[entry.Prefix] = left;
        }

        entry = default;
        _free.Push(place);
    }
}
