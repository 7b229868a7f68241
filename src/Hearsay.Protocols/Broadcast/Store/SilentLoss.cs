namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>
/// What was published by a source after the last message of it that came, and is held nowhere: only its number is
/// known, from neighbours. It is lost when nothing of it has come for some looks, since by then all neighbours were
/// compared with.
/// </summary>
internal struct SilentLoss
{
    /// <summary>A larger gap is not believed: nobody publishes as much within the retention.</summary>
    public const ulong Largest = 1 << 24;

    private ulong _to;
    private ulong _end;
    private int _looks;

    /// <summary>What was told as lost: the numbers after the first one, up to the second.</summary>
    private (ulong After, ulong To) _told;

    /// <summary>Until then neighbours are told too: they may have been away together with this node.</summary>
    public Instant NewsUntil { get; private set; }

    /// <summary>A neighbour says how far the source went.</summary>
    /// <param name="to">The highest number that it has heard of.</param>
    /// <param name="end">The highest number that came here.</param>
    /// <param name="largest">More than that beyond it is not believed.</param>
    /// <param name="newsUntil">Until when that is news, if it is.</param>
    public void Note(ulong to, ulong end, ulong largest, Instant newsUntil)
    {
        if (to > Math.Max(Math.Max(end, _to), _told.To) && to - end <= largest)
        {
            (_to, _looks, NewsUntil) = (to, 0, newsUntil);
        }
    }

    /// <summary>How far the source went, as far as is known here.</summary>
    /// <param name="end">The highest number that came here.</param>
    public readonly ulong Highest(ulong end) => Math.Max(Math.Max(end, _to), _told.To);

    /// <summary>Time has passed.</summary>
    /// <param name="end">The highest number that came here.</param>
    /// <param name="looks">How often nothing must have come in a row.</param>
    /// <returns>How many messages are lost, which is told once.</returns>
    public ulong Look(ulong end, int looks)
    {
        if (end > _told.After && end < _told.To)
        {
            // Some of what was told comes after all, or was a lie: what is missing counts as ever, and neighbours may
            // say again how far the source went.
            (_told, _to) = (default, end);
        }

        var known = Math.Max(end, _told.To);
        _looks = _to > known && end == _end ? _looks + 1 : 0;
        _end = end;
        if (_looks <= looks)
        {
            return 0;
        }

        (_told, _looks) = ((_told.To >= end && _told.To > 0 ? _told.After : end, _to), 0);
        return _to - known;
    }

    /// <summary>How many numbers between two, neither included, were told as lost.</summary>
    public readonly ulong ToldBetween(ulong low, ulong high)
    {
        var (first, last) = (Math.Max(low, _told.After), Math.Min(high - 1, _told.To));
        return last > first ? last - first : 0;
    }
}
