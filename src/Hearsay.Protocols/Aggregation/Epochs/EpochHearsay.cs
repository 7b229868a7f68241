namespace Hearsay.Protocols.Aggregation.Epochs;

/// <summary>
/// What the last three different partners of a node's own choice said about the epoch. A single liar cannot be two of
/// three, and nobody gets here by sending unasked.
/// </summary>
internal sealed class EpochHearsay
{
    /// <summary>How many are wanted.</summary>
    public const int Wanted = 3;

    private readonly (NodeId From, long Epoch, Instant Began)[] _heard = new (NodeId, long, Instant)[Wanted];

    /// <summary>How many are known.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets them.</summary>
    public void Clear() => Count = 0;

    /// <summary>Somebody said it; who said something before takes it back.</summary>
    public void Add(NodeId from, long epoch, TimeSpan elapsed, Instant now)
    {
        var place = 0;
        while (place < Count && _heard[place].From != from)
        {
            place++;
        }

        if (place < Wanted && epoch <= EpochClock.LastAdopted)
        {
            _heard[place] = (from, epoch, now + -elapsed);
            Count = Math.Max(Count, place + 1);
        }
    }

    /// <summary>The epoch in the middle, of two the lower: the one who claims the far future is never believed alone
    /// against another.</summary>
    public (long Epoch, TimeSpan Elapsed) Middle(Instant now)
    {
        var heard = _heard.AsSpan(0, Count);
        heard.Sort(static (a, b) => a.Epoch.CompareTo(b.Epoch));
        var (_, epoch, began) = heard[(Count - 1) / 2];
        return (epoch, now - began);
    }
}
