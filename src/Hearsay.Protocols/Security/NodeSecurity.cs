namespace Hearsay.Protocols.Security;

/// <summary>
/// The keys of a cluster, and what is needed to use them. Without a signed ring the keys stay as they are, and one
/// object may serve many nodes. With one they change while the node runs, and every node has an object of its own.
/// <code>
///   a new key comes          SettlingTime later          RetiringTime later
///   |  it is opened, and     |  it seals for everybody   |  older keys open nothing
///   |  seals for whoever     |                           |  but the exchange of keyrings
///   |  has shown to have it  |                           |
/// </code>
/// </summary>
/// <remarks>Used by the event loop only.</remarks>
internal sealed class NodeSecurity
{
    /// <summary>The most keys of a ring.</summary>
    public const int MaximumKeys = 8;

    /// <summary>
    /// A new key is used towards strangers so long after it came: longer than it takes to reach all who are there.
    /// </summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Older keys open everything for so long after a newer one came: as long again, since others get it later.
    /// </summary>
    public static readonly TimeSpan RetiringTime = TimeSpan.FromMinutes(10);

    private readonly SignedKeyring? _ring;
    private RecordKey[] _keys;

    /// <summary>When each key came; <see cref="_began"/> for those with which the node began.</summary>
    private Instant[] _since;

    /// <summary>The moment of the first record; those with which the node began are older.</summary>
    private Instant? _began;

    /// <summary>Whether the newest key counts as one that came when the node began.</summary>
    private readonly bool _newestCame;

    /// <summary>Counts packets to bare addresses: each fourth tries an older key.</summary>
    private uint _bare;

    /// <summary>Keys that do not change.</summary>
    /// <param name="cipher">The cryptography.</param>
    /// <param name="keys">The keys, at least one, the newest first; the node opens with all.</param>
    public NodeSecurity(RecordCipher cipher, params RecordKey[] keys)
    {
        (Cipher, _keys, _since) = (cipher, keys, new Instant[keys.Length]);
        Array.Fill(_since, new Instant(long.MinValue));
    }

    /// <summary>The keys of a ring that may change while the node runs.</summary>
    /// <param name="cipher">The cryptography.</param>
    /// <param name="ring">The ring of this node alone.</param>
    /// <param name="newestCame">
    /// Whether the newest key is so new that others do not have it: whoever rotates begins so.
    /// </param>
    public NodeSecurity(RecordCipher cipher, SignedKeyring ring, bool newestCame = false)
        : this(cipher, ring.Keys)
    {
        (_ring, _newestCame) = (ring, newestCame && _keys.Length > 1);
    }

    /// <summary>The cryptography.</summary>
    public RecordCipher Cipher { get; }

    /// <summary>The keys with which records are opened, the newest first.</summary>
    public ReadOnlySpan<RecordKey> Keys => _keys;

    /// <summary>The ring, if an operator can change it; null if nobody can.</summary>
    public SignedKeyring? Ring => _ring;

    /// <summary>
    /// Called for the sender of the packet that is being handled when it has shown to have the newest key.
    /// </summary>
    public Action? SenderIsUpToDate { get; set; }

    /// <summary>The ring has changed: its keys replace those before.</summary>
    public void Adopt(Instant now)
    {
        Begin(now);
        var keys = _ring!.Keys;
        var since = new Instant[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var known = PlaceOf(keys[i]);
            since[i] = known >= 0 ? _since[known] : now;
        }

        (_keys, _since) = (keys, since);
    }

    /// <summary>Whether the ring still has a key.</summary>
    public bool Has(RecordKey key) => PlaceOf(key) >= 0;

    /// <summary>The key for those of whom nothing is known.</summary>
    public RecordKey ForStrangers(Instant now)
    {
        if (_keys.Length == 1)
        {
            return _keys[0];
        }

        Begin(now);
        for (var i = 0; i < _keys.Length - 1; i++)
        {
            if (_since[i] <= now + -SettlingTime)
            {
                return _keys[i];
            }
        }

        return _keys[^1];
    }

    /// <summary>
    /// The key for whoever lives at an address. Each fourth time it is an older one: nodes that were apart while keys
    /// changed may have nothing but an older one in common.
    /// </summary>
    public RecordKey ForAnyone(Instant now)
    {
        var usual = ForStrangers(now);
        var older = _keys.Length - 1 - Array.IndexOf(_keys, usual);
        return older == 0 || ++_bare % 4 != 0 ? usual : _keys[_keys.Length - 1 - (int)(_bare / 4 % (uint)older)];
    }

    /// <summary>Whether strangers are sent a newer key: who uses it has missed that.</summary>
    public bool IsOutdated(RecordKey key, Instant now) => _keys.Length > 1 && ForStrangers(now).IsNewerThan(key);

    /// <summary>Whether a key opens nothing any more but the exchange of keyrings.</summary>
    public bool IsRetired(RecordKey key, Instant now)
    {
        if (_keys.Length == 1)
        {
            return false;
        }

        Begin(now);
        for (var i = 0; i < _keys.Length && _keys[i].IsNewerThan(key); i++)
        {
            // Those with which the node began may have come a moment before.
            if (Instant.Max(_since[i], _began!.Value) <= now + -RetiringTime)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether older keys are still needed by those who are there: whatever the wall clock says, they stay.
    /// </summary>
    public bool IsChanging(Instant now) => _keys.Length > 1 && !IsRetired(_keys[1], now);

    private void Begin(Instant now)
    {
        if (_began is not null)
        {
            return;
        }

        _began = now;
        if (_newestCame)
        {
            _since[0] = now;
        }
    }

    private int PlaceOf(RecordKey key)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_keys[i].IsSameAs(key))
            {
                return i;
            }
        }

        return -1;
    }
}
