namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>
/// What was published by a source after the last message of it that came, and is held nowhere: only its number is
/// known, from neighbours. It is lost when nothing of it has come for some looks, since by then all neighbours were
/// compared with.
/// </summary>
internal struct SilentLoss
{
    private const int Looks = 3;

    private ulong _to;
    private ulong _end;
    private int _looks;

    /// <summary>The highest number that was told as lost: gaps up to here are not told again.</summary>
    public ulong ToldTo { get; private set; }

    /// <summary>A neighbour says how far the source went.</summary>
    /// <param name="to">The highest number that it has heard of.</param>
    /// <param name="end">The highest number that came here.</param>
    /// <param name="largest">More than that beyond it is not believed.</param>
    public void Note(ulong to, ulong end, ulong largest)
    {
        if (to > Math.Max(end, ToldTo) && to - end <= largest)
        {
            _to = Math.Max(_to, to);
        }
    }

    /// <summary>Time has passed.</summary>
    /// <param name="end">The highest number that came here.</param>
    /// <returns>How many messages are lost, which is told once.</returns>
    public ulong Look(ulong end)
    {
        var known = Math.Max(end, ToldTo);
        _looks = _to > known && end == _end ? _looks + 1 : 0;
        _end = end;
        if (_looks < Looks)
        {
            return 0;
        }

        (ToldTo, _looks) = (_to, 0);
        return _to - known;
    }
}
