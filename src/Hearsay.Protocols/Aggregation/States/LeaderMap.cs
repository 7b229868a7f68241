using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// COUNT: how many nodes there are. A few nodes are leaders and put 1 on the map under a key of their own; everybody
/// else holds 0 for it; averaging brings every node to 1/N for each key. Source: Jelasity, Montresor, Babaoglu, ACM
/// TOCS 23(3), 2005, section 5.
/// <code>
///  count   1 byte
///  each   12 bytes   key (4, ascending), value or difference (8)
/// </code>
/// </summary>
/// <remarks>
/// The map is bounded, and of too many leaders everybody keeps those with the smallest keys. All nodes then end with
/// the same ones, whose mass never left, so a draw that made far too many leaders does no harm.
/// </remarks>
internal sealed class LeaderMap(int capacity)
{
    /// <summary>The bytes of one leader on the wire.</summary>
    public const int EntryBytes = sizeof(uint) + sizeof(double);

    private readonly uint[] _keys = new uint[capacity];
    private readonly double[] _values = new double[capacity];
    private readonly uint[] _theirKeys = new uint[capacity];
    private readonly double[] _theirValues = new double[capacity];

    /// <summary>The most leaders kept.</summary>
    public int Capacity => capacity;

    /// <summary>How many leaders are on the map.</summary>
    public int Count { get; private set; }

    /// <summary>Their keys, ascending.</summary>
    public ReadOnlySpan<uint> Keys => _keys.AsSpan(0, Count);

    /// <summary>Their values.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Leaders that were turned away because the map was full of smaller keys.</summary>
    public long TurnedAway { get; private set; }

    /// <summary>A new epoch.</summary>
    public void Clear() => Count = 0;

    /// <summary>This node is a leader.</summary>
    public void Lead(uint key) => Add(key, 1);

    /// <summary>Writes the map.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteByte((byte)Count);
        for (var i = 0; i < Count; i++)
        {
            writer.WriteUInt32(_keys[i]);
            writer.WriteDouble(_values[i]);
        }
    }

    /// <summary>
    /// The asked side: merges a map that came and writes the differences, as many as there is room for.
    /// </summary>
    /// <returns>False if it is malformed; nothing has changed then, and nothing is written.</returns>
    public bool TryAnswer(ref WireReader request, ref WireWriter answer)
    {
        if (!TryRead(ref request, out var theirs) || answer.Room < 1)
        {
            return false;
        }

        // What they would turn away, because their map is full of smaller keys, is not given to them.
        var theirLargest = theirs == capacity ? _theirKeys[theirs - 1] : uint.MaxValue;
        var start = answer.Position;
        answer.WriteByte(0);
        byte written = 0;
        for (var i = 0; i < theirs && answer.Room >= EntryBytes; i++)
        {
            var own = ValueOf(_theirKeys[i]);
            var difference = AveragingKernel.Difference(own, _theirValues[i]);
            if (Add(_theirKeys[i], difference))
            {
                answer.WriteUInt32(_theirKeys[i]);
                answer.WriteDouble(difference);
                written++;
            }
        }

        for (var i = 0; i < Count && answer.Room >= EntryBytes && _keys[i] < theirLargest; i++)
        {
            if (_theirKeys.AsSpan(0, theirs).BinarySearch(_keys[i]) < 0)
            {
                var difference = AveragingKernel.Difference(_values[i], 0);
                _values[i] += difference;
                answer.WriteUInt32(_keys[i]);
                answer.WriteDouble(difference);
                written++;
            }
        }

        answer.Patch(start, written);
        return true;
    }

    /// <summary>The asking side: takes the differences.</summary>
    /// <returns>False if the answer is malformed; nothing has changed then.</returns>
    public bool TryApply(ref WireReader answer)
    {
        var check = answer;
        var count = check.ReadByte();
        for (var i = 0; i < count; i++)
        {
            check.ReadUInt32();
            if (!IsSound(check.ReadDouble()))
            {
                return false;
            }
        }

        if (check.Failed || count > 2 * capacity)
        {
            return false;
        }

        answer.ReadByte();
        for (var i = 0; i < count; i++)
        {
            var key = answer.ReadUInt32();
            Add(key, -answer.ReadDouble());
        }

        return true;
    }

    /// <summary>
    /// The trimmed mean of the leaders' estimates 1/x and its standard error; NaN where there is no usable leader.
    /// </summary>
    public (double Size, double Error) Estimate()
    {
        Span<double> estimates = stackalloc double[capacity];
        var count = 0;
        foreach (var value in Values)
        {
            if (value > 0)
            {
                estimates[count++] = 1 / value;
            }
        }

        if (count == 0)
        {
            return (double.NaN, double.NaN);
        }

        estimates = estimates[..count];
        var mean = AveragingKernel.TrimmedMean(estimates);
        // A third was dropped at either end: the spread of the rest stands for the middle, which says as much here. Of
        // three there is no rest to speak of.
        var dropped = count > 3 ? count / 3 : 0;
        var kept = estimates[dropped..(count - dropped)];
        return (mean, kept.Length < 2 ? double.PositiveInfinity : (kept[^1] - kept[0]) / Math.Sqrt(count));
    }

    private static bool IsSound(double value) => Math.Abs(value) <= 2;

    /// <summary>Reads a whole map: keys strictly ascending, so none comes twice.</summary>
    private bool TryRead(ref WireReader reader, out int count)
    {
        count = reader.ReadByte();
        if (count > capacity)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            _theirKeys[i] = reader.ReadUInt32();
            _theirValues[i] = reader.ReadDouble();
            if (!IsSound(_theirValues[i]) || (i > 0 && _theirKeys[i] <= _theirKeys[i - 1]))
            {
                return false;
            }
        }

        return !reader.Failed;
    }

    private double ValueOf(uint key)
    {
        var place = Keys.BinarySearch(key);
        return place >= 0 ? _values[place] : 0;
    }

    /// <summary>Adds to a leader's value; a new one takes its place, if need be that of the largest key.</summary>
    private bool Add(uint key, double difference)
    {
        var place = Keys.BinarySearch(key);
        if (place >= 0)
        {
            _values[place] += difference;
            return true;
        }

        place = ~place;
        if (place == capacity)
        {
            TurnedAway++;
            return false;
        }

        TurnedAway += Count == capacity ? 1 : 0;
        Count = Math.Min(Count + 1, capacity);
        var keys = _keys.AsSpan(0, Count);
        var values = _values.AsSpan(0, Count);
        keys[place..^1].CopyTo(keys[(place + 1)..]);
        values[place..^1].CopyTo(values[(place + 1)..]);
        (keys[place], values[place]) = (key, difference);
        return true;
    }
}
