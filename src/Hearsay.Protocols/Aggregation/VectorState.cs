namespace Hearsay.Protocols;

/// <summary>
/// A distribution: a vector of counts over buckets, averaged cell by cell like any mean, never added up again and
/// again. On the wire: the share of nodes that gave something (4), number of runs (2), and runs of cells that are not
/// zero, each: first cell (2), number of cells (2), the cells (4 each); in an answer the differences.
/// </summary>
/// <remarks>
/// Four bytes hold seven digits. Both sides apply the difference as it is sent, so the sum of both does not change by
/// the rounding; what nodes agree on is as good as seven digits.
/// </remarks>
internal sealed class VectorState : IAggregateState
{
    /// <summary>The most values of one node in an epoch; further ones are left out.</summary>
    public const int MaximumValues = 10_000;

    private const int HeadBytes = sizeof(float) + sizeof(ushort);
    private const int RunBytes = 2 * sizeof(ushort);

    private readonly BucketLayout _layout;

    /// <summary>The share of nodes that gave something, then the buckets.</summary>
    private readonly double[] _cells;
    private readonly double[] _scratch;

    public VectorState(AggregateDefinition definition)
    {
        _layout = new BucketLayout(definition);
        (_cells, _scratch) = (new double[1 + _layout.Count], new double[1 + _layout.Count]);
    }

    /// <summary>All cells in one run; every cell of zero between two runs saves as much as the run costs.</summary>
    public int MaximumBytes => HeadBytes + RunBytes + (sizeof(float) * _layout.Count);

    /// <summary>The median.</summary>
    public double Value => _cells[0] > 0 ? _layout.Quantile(_cells.AsSpan(1), 0.5) : double.NaN;

    /// <summary>That of the median.</summary>
    public double MethodError => _cells[0] > 0 ? _layout.ErrorOf(_cells.AsSpan(1), 0.5) : 0;

    /// <summary>An empty vector takes a few bytes.</summary>
    public bool IsBlank => false;

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
    public void WriteRequest(ref WireWriter writer) => Write(ref writer, _cells);

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        if (!TryRead(request))
        {
            return false;
        }

        for (var i = 0; i < _cells.Length; i++)
        {
            // What is applied is what is sent, to the last bit.
            _scratch[i] = (float)AveragingKernel.Difference(_cells[i], _scratch[i]);
        }

        if (answer.Room < BytesOf(_scratch))
        {
            return false;
        }

#if HEARSAY_DEFECTS
        if (AggregationDefects.Has(AggregationDefect.SketchMergedTwice))
        {
            AveragingKernel.Apply(_cells, _scratch.Select(x => -2 * x).ToArray());
        }

#endif
        for (var i = 0; i < _cells.Length; i++)
        {
            _cells[i] += _scratch[i];
        }

        Write(ref answer, _scratch);
        return true;
    }

    /// <inheritdoc/>
    public bool TryApply(ReadOnlySpan<byte> answer)
    {
        if (!TryRead(answer))
        {
            return false;
        }

        AveragingKernel.Apply(_cells, _scratch);
        return true;
    }

    /// <inheritdoc/>
    public bool TryCopy(ReadOnlySpan<byte> state)
    {
        if (!TryRead(state))
        {
            return false;
        }

        _scratch.CopyTo(_cells.AsSpan());
        return true;
    }

    private static int BytesOf(ReadOnlySpan<double> vector)
    {
        var bytes = HeadBytes;
        for (var i = 1; i < vector.Length; i++)
        {
            bytes += IsWritten(vector[i]) ? sizeof(float) + (i == 1 || !IsWritten(vector[i - 1]) ? RunBytes : 0) : 0;
        }

        return bytes;
    }

    private static void Write(ref WireWriter writer, ReadOnlySpan<double> vector)
    {
        writer.WriteSingle((float)vector[0]);
        var head = writer.Position;
        writer.WriteUInt16(0);
        ushort runs = 0;
        for (var i = 1; i < vector.Length; i++)
        {
            var first = i;
            while (i < vector.Length && IsWritten(vector[i]))
            {
                i++;
            }

            if (i > first)
            {
                writer.WriteUInt16((ushort)(first - 1));
                writer.WriteUInt16((ushort)(i - first));
                foreach (var cell in vector[first..i])
                {
                    writer.WriteSingle((float)cell);
                }

                runs++;
            }
        }

        if (!writer.Failed)
        {
            writer.Patch(head, runs);
        }
    }

    /// <summary>What is zero in four bytes is left out.</summary>
    private static bool IsWritten(double cell) => (float)cell != 0;

    /// <summary>Reads a whole vector into the scratch room: zero outside of what came.</summary>
    private bool TryRead(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        _scratch.AsSpan().Clear();
        _scratch[0] = reader.ReadSingle();
        var (runs, free) = (reader.ReadUInt16(), 0);
        for (var i = 0; i < runs && !reader.Failed; i++)
        {
            var (first, count) = (reader.ReadUInt16(), reader.ReadUInt16());
            if (first < free || count == 0 || first + count > _layout.Count)
            {
                return false;
            }

            foreach (ref var cell in _scratch.AsSpan(1 + first, count))
            {
                cell = reader.ReadSingle();
            }

            free = first + count;
        }

        return !reader.Failed && reader.Rest.IsEmpty && AveragingKernel.AreSound(_scratch, MaximumValues);
    }
}
