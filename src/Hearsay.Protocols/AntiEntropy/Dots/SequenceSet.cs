namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>
/// Numbers from 1 on that were seen: mostly all up to one, and what came beyond a gap. Kept as ranges that neither
/// touch nor overlap, in order, so that equal sets look equal.
/// </summary>
/// <remarks>Immutable, and so safe on any thread.</remarks>
internal sealed class SequenceSet : IEquatable<SequenceSet>
{
    /// <summary>The ranges, unless it is one.</summary>
    private readonly SequenceRange[]? _several;

    /// <summary>The one range, as a rule.</summary>
    private readonly SequenceRange _only;

    private SequenceSet(SequenceRange[] ranges) =>
        (_several, _only) = (ranges.Length == 1 ? null : ranges, ranges.Length == 1 ? ranges[0] : default);

    private SequenceSet(SequenceRange only) => _only = only;

    /// <summary>No number.</summary>
    public static SequenceSet Empty { get; } = new([]);

    /// <summary>The ranges, ascending.</summary>
    public ReadOnlySpan<SequenceRange> Ranges => _several is null
        ? new ReadOnlySpan<SequenceRange>(in _only) : _several;

    /// <summary>Whether no number was seen.</summary>
    public bool IsEmpty => _several is { Length: 0 };

    /// <summary>The number up to which all were seen; 0 if 1 was not.</summary>
    public ulong Prefix => Ranges is [{ First: 1 } first, ..] ? first.Last : 0;

    /// <summary>The greatest number seen; 0 if there is none.</summary>
    public ulong Last => Ranges is [.., var last] ? last.Last : 0;

    /// <summary>The numbers of a range.</summary>
    public static SequenceSet Of(ulong first, ulong last) => new(new SequenceRange(first, last));

    /// <summary>The numbers of ranges that ascend and do not touch; null if they do not, or begin below 1.</summary>
    public static SequenceSet? TryCreate(ReadOnlySpan<SequenceRange> ranges)
    {
        ulong last = 0;
        for (var i = 0; i < ranges.Length; i++)
        {
            var isApart = i == 0 ? ranges[i].First >= 1 : ranges[i].First > last && ranges[i].First - last > 1;
            if (!isApart || ranges[i].Last < ranges[i].First)
            {
                return null;
            }

            last = ranges[i].Last;
        }

        return ranges.IsEmpty ? Empty : new(ranges.ToArray());
    }

    /// <summary>Whether a number was seen.</summary>
    public bool Contains(ulong sequence)
    {
        var index = FirstEndingAtOrAfter(sequence);
        return index < Ranges.Length && Ranges[index].First <= sequence;
    }

    /// <summary>Whether all numbers of a range were seen.</summary>
    public bool ContainsAll(ulong first, ulong last)
    {
        var index = FirstEndingAtOrAfter(last);
        return index < Ranges.Length && Ranges[index].First <= first;
    }

    /// <summary>Whether all numbers of another set were seen.</summary>
    public bool Contains(SequenceSet other)
    {
        foreach (var range in other.Ranges)
        {
            if (!ContainsAll(range.First, range.Last))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>With one more number.</summary>
    public SequenceSet With(ulong sequence) => _several is null && _only.Last + 1 == sequence
        ? Of(_only.First, sequence) : Union(Of(sequence, sequence));

    /// <summary>The numbers of both.</summary>
    public SequenceSet Union(SequenceSet other)
    {
        if (Contains(other))
        {
            return this;
        }

        if (other.Contains(this))
        {
            return other;
        }

        SequenceRange[] all = [.. Ranges, .. other.Ranges];
        Array.Sort(all, static (a, b) => a.First.CompareTo(b.First));
        var count = 0;
        foreach (var range in all)
        {
            if (count > 0 && (range.First <= all[count - 1].Last || range.First - all[count - 1].Last == 1))
            {
                var last = Math.Max(all[count - 1].Last, range.Last);
                all[count - 1] = all[count - 1] with { Last = last };
            }
            else
            {
                all[count++] = range;
            }
        }

        return new(all[..count]);
    }

    /// <summary>The numbers of this set that are not in the other, as ranges.</summary>
    public IEnumerable<SequenceRange> Except(SequenceSet other)
    {
        var (mine, theirs, next) = (Ranges.ToArray(), other.Ranges.ToArray(), 0);
        foreach (var range in mine)
        {
            var first = range.First;
            while (next < theirs.Length && theirs[next].Last < first)
            {
                next++;
            }

            for (var i = next; i < theirs.Length && theirs[i].First <= range.Last; i++)
            {
                if (theirs[i].First > first)
                {
                    yield return new SequenceRange(first, theirs[i].First - 1);
                }

                first = theirs[i].Last + 1;
            }

            if (first != 0 && first <= range.Last)
            {
                yield return new SequenceRange(first, range.Last);
            }
        }
    }

    /// <summary>The numbers above one.</summary>
    public SequenceSet Above(ulong sequence) => sequence == 0 ? this : new([.. Except(Of(1, sequence))]);

    /// <inheritdoc/>
    public bool Equals(SequenceSet? other) => other is not null && Ranges.SequenceEqual(other.Ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SequenceSet);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)(Last ^ (ulong)Ranges.Length);

    private int FirstEndingAtOrAfter(ulong sequence)
    {
        var ranges = Ranges;
        var (low, high) = (0, ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].Last < sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
