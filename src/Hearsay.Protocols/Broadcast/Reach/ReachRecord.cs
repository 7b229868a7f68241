namespace Hearsay.Protocols.Broadcast.Reach;

/// <summary>How many nodes behind each neighbour have acknowledged a tracked message.</summary>
internal sealed class ReachRecord(BroadcastId id, int from, Instant since)
{
    /// <summary>The most nodes without a parent whose numbers are kept.</summary>
    public const int MaximumOrphans = 64;

    private readonly long[] _behind = new long[32];

    /// <summary>Nodes whose parent is gone, by the low half of their id.</summary>
    private Dictionary<ulong, (long Count, byte Round)>? _orphans;

    private Action<long, int>? _watcher;

    /// <summary>Neighbours that acknowledged it here, those that are gone included.</summary>
    private int _links;

    private bool _isHere;

    /// <summary>What was behind links that are gone: those nodes still have the message.</summary>
    private long _behindGone;

    /// <summary>The most that the parent was told, which may have passed it on before it was gone.</summary>
    private long _told;

    private int _rounds;

    public BroadcastId Id { get; } = id;

    /// <summary>The slot of the parent, from which the message came; -1 if there is none (any more).</summary>
    public int From { get; private set; } = from;

    /// <summary>Whether this node published the message.</summary>
    public bool IsOwn { get; init; }

    /// <summary>When the message came.</summary>
    public Instant Since { get; } = since;

    /// <summary>When to tell next.</summary>
    public Instant TellAt { get; set; } = Instant.Never;

    /// <summary>How often it was told.</summary>
    public int Tells { get; set; }

    /// <summary>How often it was told without anything new, against loss.</summary>
    public int Repeats { get; set; }

    /// <summary>This node, if it has the payload, and all behind it.</summary>
    public long Count => (_isHere ? 1 : 0) + _behind.Sum() + _behindGone;

    /// <summary>All that is known here: of nodes behind this one, and of those whose parent is gone.</summary>
    public long Known => Count + (_orphans?.Values.Sum(static orphan => orphan.Count) ?? 0);

    /// <summary>What the parent was not told of.</summary>
    public long Untold => Count - _told;

    /// <summary>The parent is told; the result is what.</summary>
    public long Tell() => _told = Math.Max(_told, Count);

    /// <summary>Everybody is told, for want of a parent; the result is how often that was done before.</summary>
    public byte NextRound() => (byte)Math.Min(_rounds++, byte.MaxValue);

    /// <summary>Who is to be told of every change, of the application.</summary>
    public void Watch(Action<long, int>? watcher)
    {
        _watcher = watcher;
        _watcher?.Invoke(Known, _links);
    }

    /// <summary>The payload is here.</summary>
    /// <returns>False if that was known.</returns>
    public bool Have()
    {
        if (_isHere)
        {
            return false;
        }

        _isHere = true;
        _watcher?.Invoke(Known, _links);
        return true;
    }

    /// <summary>A neighbour says how many are behind it; it never says less than before, but frames overtake.</summary>
    public bool Hear(int slot, long count)
    {
        if (count <= _behind[slot])
        {
            return false;
        }

        _links += _behind[slot] == 0 ? 1 : 0;
        _behind[slot] = count;
        _watcher?.Invoke(Known, _links);
        return true;
    }

    /// <summary>Hears of a node whose parent is gone; it comes over several ways and counts once.</summary>
    /// <param name="orphan">The low half of its id.</param>
    /// <param name="count">What it could not tell its parent.</param>
    /// <param name="round">How often it has said so.</param>
    /// <param name="isRefused">Whether there are too many of them.</param>
    /// <returns>Whether it is to be passed on: it was not heard before.</returns>
    public bool HearOrphan(ulong orphan, long count, byte round, out bool isRefused)
    {
        _orphans ??= [];
        var isKnown = _orphans.TryGetValue(orphan, out var known);
        isRefused = !isKnown && _orphans.Count == MaximumOrphans;
        if (isRefused || count < known.Count || (count == known.Count && isKnown && round <= known.Round))
        {
            return false;
        }

        _orphans[orphan] = (count, round);
        if (count != known.Count)
        {
            _watcher?.Invoke(Known, _links);
        }

        return true;
    }

    /// <summary>
    /// A link is gone. Whoever takes the slot begins at nothing.
    /// </summary>
    /// <returns>Whether the parent is gone.</returns>
    public bool Lose(int slot)
    {
        _behindGone += _behind[slot];
        _behind[slot] = 0;
        return LoseParent(slot);
    }

    /// <summary>If the link is that to the parent, it is told no more.</summary>
    /// <returns>Whether it is.</returns>
    public bool LoseParent(int slot)
    {
        if (From != slot)
        {
            return false;
        }

        From = -1;
        return true;
    }

    /// <summary>It is not tracked any more.</summary>
    public void Forget() => _watcher?.Invoke(0, _links);
}
