namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>
/// A set of sequence numbers as ascending ranges that do not touch. Where more than <see cref="Capacity"/> would be
/// needed, a small gap is given up: its numbers then count as contained.
/// </summary>
internal sealed class SequenceRanges
{
    /// <summary>
    /// A burst whose packets overtake each other leaves a gap for every one still under way: at 5,000 messages a second
    /// and 50 ms some hundreds.
    /// </summary>
    public const int Capacity = 256;

    /// <summary>The largest gap that is given up.</summary>
    public const ulong LargestGap = 16;

    private readonly List<(ulong Start, ulong End)> _ranges = new(2);

    public int Count => _ranges.Count;

    /// <summary>Numbers that count as contained because their gap was given up, and that have not come since.</summary>
    public ulong GivenUp { get; private set; }

    public (ulong Start, ulong End) this[int index] => _ranges[index];

    public void Clear()
    {
        GivenUp = 0;
        _ranges.Clear();
    }

    public bool Contains(ulong number)
    {
        var place = LastStartingBy(number);
        return place >= 0 && number <= _ranges[place].End;
    }

    /// <summary>Adds a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="told">Numbers that were counted as lost before: giving them up does not count them again.</param>
    /// <returns>How many gaps or ranges were given up for it: 0 or 1.</returns>
    public int Add(ulong number, in SilentLoss told)
    {
        var place = LastStartingBy(number);
        if (place >= 0 && number <= _ranges[place].End)
        {
            GivenUp -= GivenUp > 0 ? 1ul : 0;
            return 0;
        }

        var joinsLower = place >= 0 && _ranges[place].End == number - 1;
        var joinsUpper = place + 1 < Count && _ranges[place + 1].Start - 1 == number;
        if (joinsLower && joinsUpper)
        {
            _ranges[place] = (_ranges[place].Start, _ranges[place + 1].End);
            _ranges.RemoveAt(place + 1);
        }
        else if (joinsLower)
        {
            _ranges[place] = (_ranges[place].Start, number);
        }
        else if (joinsUpper)
        {
            _ranges[place + 1] = (number, _ranges[place + 1].End);
        }
        else
        {
            _ranges.Insert(place + 1, (number, number));
        }

        return Shrink(told);
    }

    /// <summary>The least number from here on that is not contained.</summary>
    public ulong NextMissing(ulong from)
    {
        var place = LastStartingBy(from);
        return place >= 0 && from <= _ranges[place].End ? _ranges[place].End + 1 : from;
    }

    /// <summary>The least number from here on that is contained; the greatest number there is if none is.</summary>
    public ulong NextContained(ulong from)
    {
        var place = LastStartingBy(from);
        return place >= 0 && from <= _ranges[place].End ? from
            : place + 1 < Count ? _ranges[place + 1].Start : ulong.MaxValue;
    }

    /// <summary>
    /// Gives up the smallest gap, the oldest of several. A gap that no burst leaves is not given up: forged numbers
    /// far apart would make everything between them count as seen, and silence a source. Then a range goes instead,
    /// the shortest, and its numbers count as new.
    /// </summary>
    private int Shrink(in SilentLoss told)
    {
        if (Count <= Capacity)
        {
            return 0;
        }

        var (gap, range) = (0, Count - 1);
        for (var i = Count - 2; i >= 0; i--)
        {
            gap = Gap(i) <= Gap(gap) ? i : gap;
            range = Length(i) < Length(range) ? i : range;
        }

        if (Gap(gap) <= LargestGap)
        {
            GivenUp += Gap(gap) - told.ToldBetween(_ranges[gap].End, _ranges[gap + 1].Start);
            Close(gap);
        }
        else
        {
            _ranges.RemoveAt(range);
        }

        return 1;
    }

    /// <summary>
    /// Gives up the gaps between two numbers, but for those that are larger: more was never published.
    /// </summary>
    /// <param name="from">Gaps below are left.</param>
    /// <param name="end">Gaps that reach beyond are left.</param>
    /// <param name="largest">The most numbers of a gap.</param>
    /// <param name="told">Numbers that were counted before are not counted.</param>
    /// <returns>How many numbers they have.</returns>
    public ulong GiveUp(ulong from, ulong end, ulong largest, in SilentLoss told)
    {
        var numbers = 0ul;
        for (var i = Count - 2; i >= 0; i--)
        {
            if (_ranges[i].End >= from && _ranges[i + 1].Start <= end && Gap(i) <= largest)
            {
                numbers += Gap(i) - told.ToldBetween(_ranges[i].End, _ranges[i + 1].Start);
                Close(i);
            }
        }

        return numbers;
    }

    /// <summary>Those given up so far were told of.</summary>
    public void ForgetGivenUp(ulong numbers) => GivenUp -= Math.Min(GivenUp, numbers);

    private void Close(int gap)
    {
        _ranges[gap] = (_ranges[gap].Start, _ranges[gap + 1].End);
        _ranges.RemoveAt(gap + 1);
    }

    private ulong Gap(int place) => _ranges[place + 1].Start - _ranges[place].End - 1;

    private ulong Length(int place) => _ranges[place].End - _ranges[place].Start;

    /// <summary>The place of the last range that starts at or before a number; -1 if there is none.</summary>
    private int LastStartingBy(ulong number)
    {
        // The newest is nearly always asked for.
        var place = Count - 1;
        while (place >= 0 && _ranges[place].Start > number)
        {
            place--;
        }

        return place;
    }
}
