namespace Hearsay.Protocols;

/// <summary>How many nodes behind each neighbour have acknowledged a tracked message.</summary>
internal sealed class ReachRecord(BroadcastId id, int from)
{
    private readonly long[] _behind = new long[32];

    public BroadcastId Id { get; } = id;

    /// <summary>The slot the message came from, which is told; -1 at the publisher.</summary>
    public int From { get; set; } = from;

    /// <summary>When to tell next.</summary>
    public Instant TellAt { get; set; }

    /// <summary>How often it was told without anything new, against loss.</summary>
    public int Repeats { get; set; }

    /// <summary>This node and all behind it.</summary>
    public long Count => 1 + _behind.Sum();

    /// <summary>A neighbour says how many are behind it; it never says less than before, but frames overtake.</summary>
    public bool Hear(int slot, long count)
    {
        var isMore = count > _behind[slot];
        _behind[slot] = Math.Max(_behind[slot], count);
        return isMore;
    }
}
