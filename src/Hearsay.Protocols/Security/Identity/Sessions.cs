using System.Security.Cryptography;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>The sessions of a node, with keys and windows.</summary>
/// <remarks>
/// Bounded: grows with use up to <see cref="Capacity"/>. Then the one that was unused for longest gives way; where it
/// was used a moment ago, a newcomer is refused. Of one node there are at most <see cref="PerPeer"/>: the oldest
/// unconfirmed gives way.
/// </remarks>
internal sealed class Sessions
{
    /// <summary>The most sessions.</summary>
    public const int Capacity = 1024;

    /// <summary>The most sessions with one node: two that are used and two that are not confirmed.</summary>
    public const int PerPeer = 4;

    /// <summary>The most unconfirmed sessions.</summary>
    public const int MostUnconfirmed = 64;

    /// <summary>The most unconfirmed sessions with one node.</summary>
    public const int MostUnconfirmedOfPeer = 2;

    /// <summary>How long a session may stay unconfirmed.</summary>
    public static readonly TimeSpan Confirming = TimeSpan.FromSeconds(5);

    /// <summary>A session that is not used for so long ends.</summary>
    public static readonly TimeSpan Unused = TimeSpan.FromSeconds(120);

    /// <summary>No session lasts longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>One that was used since then gives way to nobody.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(1);

    private const int KeyBytes = IdentityCipher.KeyBytes;

    private readonly Dictionary<uint, int> _byOwn = [];
    private readonly Dictionary<UInt128, int> _byPeer;
    private readonly Stack<int> _free = [];
    private Session[] _places = [];
    private readonly ReplayWindows _windows = new();
    private byte[] _keys = [];
    private SeededRandom _random;
    private Instant _sweptAt = new(long.MinValue);
    private int _unconfirmed;

    /// <summary>A table without sessions.</summary>
    /// <param name="secret">Known to nobody else.</param>
    public Sessions(ulong secret)
    {
        _byPeer = new(new KeyedComparer(secret));
        _random = new SeededRandom(SeededRandom.Mix(secret));
    }

    /// <summary>How many there are, confirmed or not.</summary>
    public int Count => _byOwn.Count;

    /// <summary>How many gave way to others while they could still be used.</summary>
    public long Displaced { get; private set; }

    /// <summary>How many newcomers were refused because nobody could give way.</summary>
    public long Refused { get; private set; }

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_places) + _windows.StateBytes + _keys.Length;

    /// <summary>How many places there are: every one below may be looked at.</summary>
    public int Places => _places.Length;

    /// <summary>A session by its place.</summary>
    public ref Session this[int place] => ref _places[place];

    /// <summary>The key for what is sent.</summary>
    public Span<byte> SendKey(int place) => _keys.AsSpan(place * 2 * KeyBytes, KeyBytes);

    /// <summary>The key for what is received.</summary>
    public Span<byte> ReceiveKey(int place) => _keys.AsSpan((place * 2 * KeyBytes) + KeyBytes, KeyBytes);

    /// <summary>A number that no session has.</summary>
    public uint NewNumber()
    {
        var number = 0U;
        while (number == 0 || _byOwn.ContainsKey(number))
        {
            number = (uint)_random.NextUInt64();
        }

        return number;
    }

    /// <summary>The place of a session by this node's number; -1 if there is none.</summary>
    public int Find(uint own, Instant now)
    {
        if (!_byOwn.TryGetValue(own, out var place))
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

    /// <summary>The place of the session over which packets for a node go; -1 if there is none.</summary>
    public int FindPeer(NodeId id, Instant now)
    {
        if (!_byPeer.TryGetValue(KeyOf(id), out var place))
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

    /// <summary>The session with the node that was heard last at an address; -1 if none was within a minute.</summary>
    public int FindAt(in NodeAddress address, Instant now)
    {
        var (found, heardAt) = (-1, now + -TimeSpan.FromSeconds(60));
        for (var place = 0; place < _places.Length; place++)
        {
            ref readonly var session = ref _places[place];
            if (session is { Peer: not null, IsConfirmed: true } && session.HeardAt > heardAt
                && session.Address == address)
            {
                (found, heardAt) = (place, session.HeardAt);
            }
        }

        return found;
    }

    /// <summary>The session with a node that was heard last at an address; -1 if there is none.</summary>
    public int FindPeerAt(NodeId id, in NodeAddress address, Instant now)
    {
        var (found, heardAt) = (-1, new Instant(long.MinValue));
        for (var place = 0; place < _places.Length; place++)
        {
            ref readonly var session = ref _places[place];
            if (session is { Peer: not null, IsConfirmed: true } && session.Peer.Id == id
                && session.Address == address && session.HeardAt > heardAt && !IsOver(session, now))
            {
                (found, heardAt) = (place, session.HeardAt);
            }
        }

        return found;
    }

    /// <summary>Whether a session that is not confirmed was begun by a message 1 with this ephemeral key.</summary>
    public bool HasBegun(NodeId id, ulong ephemeral)
    {
        foreach (ref readonly var session in _places.AsSpan())
        {
            if (session.Peer is { } peer && session.Ephemeral == ephemeral && peer.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many sessions are not confirmed.</summary>
    public int Unconfirmed(Instant now)
    {
        SweepNow(now);
        return _unconfirmed;
    }

    /// <summary>How many sessions with a node are not confirmed.</summary>
    public int UnconfirmedOf(NodeId id, Instant now)
    {
        var count = 0;
        for (var place = 0; _unconfirmed > 0 && place < _places.Length; place++)
        {
            ref readonly var session = ref _places[place];
            if (session is { Peer: not null, IsConfirmed: false } && session.Peer.Id == id && !IsOver(session, now))
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Makes room for a session.</summary>
    /// <returns>Its place, its keys to be filled in; -1 if there is none.</returns>
    public int Open(Member peer, (uint Own, uint Others) numbers, in Link link, bool isConfirmed, Instant now)
    {
        SweepNow(now);
        LimitPeer(peer.Id);
        var place = Free(now);
        if (place < 0 || (!isConfirmed && _unconfirmed >= MostUnconfirmed))
        {
            Refused++;
            if (place >= 0)
            {
                _free.Push(place);
            }

            return -1;
        }

        _places[place] = new Session
        {
            Peer = peer, Own = numbers.Own, Others = numbers.Others, IsConfirmed = isConfirmed,
            Link = link, Address = link.Kind == LinkKind.Datagram || isConfirmed ? link.Address : default,
            BegunAt = now, HeardAt = now, SentAt = now, CheckedAt = now,
        };
        _windows.Open(place, isSeen: false);
        _byOwn.Add(numbers.Own, place);
        if (isConfirmed)
        {
            _byPeer[KeyOf(peer.Id)] = place;
        }
        else
        {
            _unconfirmed++;
        }

        return place;
    }

    /// <summary>The other has sent a packet of a session: from now on packets for it go there.</summary>
    public void Confirm(int place)
    {
        ref var session = ref _places[place];
        session.IsConfirmed = true;
        _unconfirmed--;
        _byPeer[KeyOf(session.Peer!.Id)] = place;
    }

    /// <summary>Ends all sessions with a node.</summary>
    public void RemovePeer(NodeId id)
    {
        for (var place = 0; place < _places.Length; place++)
        {
            if (_places[place].Peer is { } peer && peer.Id == id)
            {
                Remove(place);
            }
        }
    }

    /// <summary>Whether a number of the other may be new.</summary>
    public bool IsNew(int place, uint number)
    {
        ref readonly var session = ref _places[place];
        return _windows.IsNew(place, number, session.HighestDatagram, session.HighestStream);
    }

    /// <summary>A packet of the other was opened.</summary>
    public void Mark(int place, uint number, Instant now)
    {
        ref var session = ref _places[place];
        _windows.Mark(place, number, ref session.HighestDatagram, ref session.HighestStream);
        session.HeardAt = now;
    }

    /// <summary>Ends a session and wipes its keys.</summary>
    public void Remove(int place)
    {
        ref var session = ref _places[place];
        _byOwn.Remove(session.Own);
        var peer = KeyOf(session.Peer!.Id);
        if (_byPeer.TryGetValue(peer, out var current) && current == place)
        {
            _byPeer.Remove(peer);
        }

        _unconfirmed -= session.IsConfirmed ? 0 : 1;
        CryptographicOperations.ZeroMemory(_keys.AsSpan(place * 2 * KeyBytes, 2 * KeyBytes));
        session = default;
        _free.Push(place);
    }

    private static UInt128 KeyOf(NodeId id) => new(id.High, id.Low);

    private static bool IsOver(in Session session, Instant now) =>
        now - session.BegunAt > (session.IsConfirmed ? Longest : Confirming)
        || now - Instant.Max(session.HeardAt, session.SentAt) > Unused;

    /// <summary>Keeps the sessions with one node few: the oldest goes, an unconfirmed one before others.</summary>
    private void LimitPeer(NodeId id)
    {
        var (count, oldest) = (0, -1);
        for (var place = 0; place < _places.Length; place++)
        {
            ref readonly var session = ref _places[place];
            if (session.Peer is not { } peer || peer.Id != id)
            {
                continue;
            }

            count++;
            if (oldest < 0 || Before(session, _places[oldest]))
            {
                oldest = place;
            }
        }

        if (count >= PerPeer)
        {
            Remove(oldest);
        }
    }

    private static bool Before(in Session a, in Session b) =>
        a.IsConfirmed == b.IsConfirmed ? a.BegunAt < b.BegunAt : !a.IsConfirmed;

    private int Free(Instant now)
    {
        if (_free.Count == 0 && _places.Length < Capacity)
        {
            Grow();
        }

        return _free.Count > 0 || SweepNow(now) || TryDisplace(now) ? _free.Pop() : -1;
    }

    private void Grow()
    {
        var (before, length) = (_places.Length, Math.Max(8, 2 * _places.Length));
        Array.Resize(ref _places, length);
        _windows.Grow(length);
        var keys = GC.AllocateArray<byte>(length * 2 * KeyBytes, pinned: true);
        _keys.CopyTo(keys, 0);
        CryptographicOperations.ZeroMemory(_keys);
        _keys = keys;
        for (var place = length - 1; place >= before; place--)
        {
            _free.Push(place);
        }
    }

    /// <summary>Ends what is over, at most once a second.</summary>
    /// <returns>Whether there is a free place.</returns>
    private bool SweepNow(Instant now)
    {
        if (now - _sweptAt >= BetweenSweeps)
        {
            _sweptAt = now;
            for (var place = 0; place < _places.Length; place++)
            {
                if (_places[place].Peer is not null && IsOver(_places[place], now))
                {
                    Remove(place);
                }
            }
        }

        return _free.Count > 0;
    }

    private bool TryDisplace(Instant now)
    {
        var (found, usedAt) = (-1, now + -InUse);
        for (var place = 0; place < _places.Length; place++)
        {
            var used = Instant.Max(_places[place].HeardAt, _places[place].SentAt);
            if (used < usedAt)
            {
                (found, usedAt) = (place, used);
            }
        }

        if (found >= 0)
        {
            Displaced++;
            Remove(found);
        }

        return found >= 0;
    }
}
