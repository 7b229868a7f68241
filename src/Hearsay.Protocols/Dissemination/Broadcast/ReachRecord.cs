namespace Hearsay.Protocols;

/// <summary>How many nodes behind each neighbour have acknowledged a tracked message.</summary>
internal sealed class ReachRecord(BroadcastId id, int from, Instant since)
{
    private readonly long[] _behind = new long[32];
    private Action<long>? _watcher;
    private bool _isHere;

    public BroadcastId Id { get; } = id;

    /// <summary>The slot the message came from, which is told; -1 at the publisher.</summary>
    public int From { get; set; } = from;

    /// <summary>Whether this node published the message.</summary>
    public bool IsOwn { get; init; }

    /// <summary>When the message came.</summary>
    public Instant Since { get; } = since;

    /// <summary>When to tell next.</summary>
    public Instant TellAt { get; set; } = Instant.Never;

    /// <summary>How often it was told without anything new, against loss.</summary>
    public int Repeats { get; set; }

    /// <summary>This node, if it has the payload, and all behind it.</summary>
    public long Count => (_isHere ? 1 : 0) + _behind.Sum();

    /// <summary>Who is to be told of every change, of the application.</summary>
    public void Watch(Action<long>? watcher)
    {
        _watcher = watcher;
        _watcher?.Invoke(Count);
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
        _watcher?.Invoke(Count);
        return true;
    }

    /// <summary>A neighbour says how many are behind it; it never says less than before, but frames overtake.</summary>
    public bool Hear(int slot, long count)
    {
        if (count <= _behind[slot])
        {
            return false;
        }

        _behind[slot] = count;
        _watcher?.Invoke(Count);
        return true;
    }

    /// <summary>It is not tracked any more.</summary>
    public void Forget() => _watcher?.Invoke(0);
}
