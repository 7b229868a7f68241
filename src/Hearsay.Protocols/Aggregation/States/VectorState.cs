using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// A distribution: a vector of counts over buckets, averaged cell by cell like any mean, never added up again and
/// again. On the wire: the share of nodes that gave something (8), number of runs (2), and runs of cells that are not
/// zero, each: first cell (2), number of cells (2), the cells (4 each); then room for the answer in zeros. In an answer
/// the differences.
/// </summary>
/// <remarks>
/// <para>Four bytes hold seven digits. Both sides apply the difference as it is sent, so the sum of both does not
/// change by the rounding; what nodes agree on is as good as seven digits.</para>
/// <para>Every cell is a mean of its own. Where an answer has no room for all of them some are averaged in this
/// exchange and others in the next.</para>
/// </remarks>
internal sealed class VectorState : IAggregateState
{
    /// <summary>The most values of one node in an epoch; further ones are left out.</summary>
    public const int MaximumValues = 10_000;

    private const int HeadBytes = sizeof(double) + sizeof(ushort);
    private const int RunBytes = 2 * sizeof(ushort);

    /// <summary>The least room that is left for cells which only the other side has.</summary>
    private const int BytesToLearn = 64;

    private readonly BucketLayout _layout;

    /// <summary>The share of nodes that gave something, then the buckets.</summary>
    private readonly double[] _cells;
    private readonly double[] _scratch;

    /// <summary>Where the next answer begins that has no room for all cells.</summary>
    private int _first = 1;

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
    public void WriteRequest(ref WireWriter writer)
    {
        var start = writer.Position;
        Write(ref writer, _cells);
        // Two nodes have twice as many cells together, if they have the same number and none in common.
        var bytes = writer.Position - start;
        writer.WriteZeros(Math.Min(MaximumBytes - bytes, Math.Max(BytesToLearn, bytes)));
    }

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        if (answer.Room < HeadBytes || !TryRead(request))
        {
            return false;
        }

        _scratch[0] = AveragingKernel.Difference(_cells[0], _scratch[0]);
        for (var i = 1; i < _cells.Length; i++)
        {
            // What is applied is what is sent, to the last bit.
            _scratch[i] = (float)AveragingKernel.Difference(_cells[i], _scratch[i]);
        }

        // Not longer than the request: the room behind it belongs to the other aggregates.
        Shorten(Math.Min(answer.Room, Math.Max(HeadBytes, request.Length)));
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

    /// <summary>Leaves out differences for which there is no room, others each time.</summary>
    private void Shorten(int room)
    {
        var (bytes, isKept) = (HeadBytes, false);
        for (var n = 0; n < _layout.Count; n++)
        {
            var i = 1 + ((_first - 1 + n) % _layout.Count);
            if (!IsWritten(_scratch[i]))
            {
                isKept = false;
                continue;
            }

            bytes += sizeof(float) + (isKept && i > 1 ? 0 : RunBytes);
            if (bytes > room)
            {
                _first = i;
                ClearFrom(i, _layout.Count - n);
                return;
            }

            isKept = true;
        }
    }

    /// <summary>Clears so many cells from one on, and round.</summary>
    private void ClearFrom(int first, int count)
    {
        var last = Math.Min(first + count, _scratch.Length);
        _scratch.AsSpan(first..last).Clear();
        _scratch.AsSpan(1, count - (last - first)).Clear();
    }

    private static void Write(ref WireWriter writer, ReadOnlySpan<double> vector)
    {
        writer.WriteDouble(vector[0]);
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
        _scratch[0] = reader.ReadDouble();
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

        return !reader.Failed && bytes.Length <= MaximumBytes && AveragingKernel.AreSound(_scratch, MaximumValues);
    }
}
