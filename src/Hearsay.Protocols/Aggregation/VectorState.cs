namespace Hearsay.Protocols;

/// <summary>
/// A distribution: a vector of counts over buckets, averaged cell by cell like any mean, never added up again and
/// again. Cell 0 is the share of nodes that gave something. On the wire: first cell (2), number of cells (2), and the
/// cells between the first and the last that are not zero, 8 bytes each; in an answer the differences.
/// </summary>
internal sealed class VectorState : IAggregateState
{
    /// <summary>The most values of one node in an epoch; further ones are left out.</summary>
    public const int MaximumValues = 10_000;

    private readonly BucketLayout _layout;
    private readonly double[] _cells;
    private readonly double[] _scratch;

    public VectorState(AggregateDefinition definition)
    {
        _layout = new BucketLayout(definition);
        (_cells, _scratch) = (new double[1 + _layout.Count], new double[1 + _layout.Count]);
    }

    /// <inheritdoc/>
    public int MaximumBytes => (2 * sizeof(ushort)) + (sizeof(double) * _cells.Length);

    /// <summary>The median.</summary>
    public double Value => _cells[0] > 0 ? _layout.Quantile(_cells.AsSpan(1), 0.5) : double.NaN;

    /// <inheritdoc/>
    public double Contributors => _cells[0];

    /// <summary>A distribution has no single step.</summary>
    public double StepLimit { get; set; }

    /// <summary>The means as they stand.</summary>
    public ReadOnlySpan<double> Cells => _cells;

    /// <summary>A copy that an application may keep.</summary>
    public AggregateDistribution ToDistribution() => new(_layout, _cells[1..]);

    /// <inheritdoc/>
    public void Clear() => _cells.AsSpan().Clear();

    /// <inheritdoc/>
    public bool TryContribute(in AggregateInput input)
    {
        scoped ReadOnlySpan<double> values = [input.Value];
        if (!input.Values.IsEmpty)
        {
            values = input.Values.Span;
        }

        values = values[..Math.Min(values.Length, MaximumValues)];
        if (!AveragingKernel.AreSound(values, AggregateDefinition.MaximumMagnitude))
        {
            return false;
        }

        _cells[0] += 1;
        foreach (var value in values)
        {
            _cells[1 + _layout.IndexOf(value)] += 1;
        }

        return true;
    }

    /// <inheritdoc/>
    public void WriteRequest(ref WireWriter writer)
    {
        var first = _cells.AsSpan().IndexOfAnyExcept(0.0);
        var last = _cells.AsSpan().LastIndexOfAnyExcept(0.0);
        Write(ref writer, _cells, Math.Max(first, 0), first < 0 ? 0 : last + 1 - first);
    }

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        if (!TryRead(request, out var first, out var count))
        {
            return false;
        }

        // The union of both ranges: outside of it both hold zero.
        var (ownFirst, ownLast) = (_cells.AsSpan().IndexOfAnyExcept(0.0), _cells.AsSpan().LastIndexOfAnyExcept(0.0));
        var end = Math.Max(first + count, ownLast + 1);
        first = ownFirst < 0 ? first : count == 0 ? ownFirst : Math.Min(first, ownFirst);
        count = Math.Max(0, end - first);
        if (answer.Room < (2 * sizeof(ushort)) + (sizeof(double) * count))
        {
            return false;
        }

        var theirs = _scratch.AsSpan(first, count);
#if HEARSAY_DEFECTS
        if (AggregationDefects.Has(AggregationDefect.SketchMergedTwice))
        {
            AveragingKernel.Apply(_cells.AsSpan(first, count), theirs.ToArray().Select(x => -x).ToArray());
        }

#endif
        AveragingKernel.Answer(_cells.AsSpan(first, count), theirs, theirs);
        Write(ref answer, _scratch, first, count);
        return true;
    }

    /// <inheritdoc/>
    public bool TryApply(ReadOnlySpan<byte> answer)
    {
        if (!TryRead(answer, out var first, out var count))
        {
            return false;
        }

        AveragingKernel.Apply(_cells.AsSpan(first, count), _scratch.AsSpan(first, count));
        return true;
    }

    private static void Write(ref WireWriter writer, double[] cells, int first, int count)
    {
        writer.WriteUInt16((ushort)first);
        writer.WriteUInt16((ushort)count);
        foreach (var cell in cells.AsSpan(first, count))
        {
            writer.WriteDouble(cell);
        }
    }

    /// <summary>Reads a whole vector into the scratch room: zero outside of what came.</summary>
    private bool TryRead(ReadOnlySpan<byte> bytes, out int first, out int count)
    {
        var reader = new WireReader(bytes);
        (first, count) = (reader.ReadUInt16(), reader.ReadUInt16());
        if (first + count > _cells.Length || bytes.Length != (2 * sizeof(ushort)) + (sizeof(double) * count))
        {
            return false;
        }

        _scratch.AsSpan().Clear();
        foreach (ref var cell in _scratch.AsSpan(first, count))
        {
            cell = reader.ReadDouble();
        }

        return AveragingKernel.AreSound(_scratch, MaximumValues);
    }
}
