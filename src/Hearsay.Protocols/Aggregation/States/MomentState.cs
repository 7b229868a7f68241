using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// Averages, sums, counts and variances by push-pull: the vector of means that <see cref="MomentLayout"/> describes. On
/// the wire: the cells, 8 bytes each; in an answer the differences.
/// </summary>
internal sealed class MomentState : IAggregateState
{
    private readonly MomentLayout _layout;
    private readonly double[] _cells;

    public MomentState(AggregateDefinition definition)
    {
        _layout = new MomentLayout(definition);
        _cells = new double[_layout.CellCount];
    }

    /// <inheritdoc/>
    public int MaximumBytes => sizeof(double) * _cells.Length;

    /// <inheritdoc/>
    public double Value => _layout.ValueOf(_cells);

    /// <inheritdoc/>
    public double MethodError => _layout.RoundingErrorOf(_cells);

    /// <inheritdoc/>
    public bool IsBlank => false;

    /// <inheritdoc/>
    public double Contributors => _cells[0];

    /// <inheritdoc/>
    public double StepLimit { get; set; } = double.PositiveInfinity;

    /// <summary>The means as they stand: for tests of conservation.</summary>
    public ReadOnlySpan<double> Cells => _cells;

    /// <inheritdoc/>
    public void Clear() => _cells.AsSpan().Clear();

    /// <inheritdoc/>
    public bool TryContribute(in AggregateInput input)
    {
        Span<double> given = stackalloc double[_cells.Length];
        if (!_layout.TryFill(input, given))
        {
            return false;
        }

        for (var i = 0; i < given.Length; i++)
        {
            _cells[i] += given[i];
        }

        return true;
    }

    /// <inheritdoc/>
    public void WriteRequest(ref WireWriter writer)
    {
        foreach (var cell in _cells)
        {
            writer.WriteDouble(cell);
        }
    }

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        Span<double> theirs = stackalloc double[_cells.Length];
        Span<double> next = stackalloc double[_cells.Length];
        Span<double> difference = stackalloc double[_cells.Length];
        _cells.CopyTo(next);
        if (answer.Room < MaximumBytes || !TryRead(request, theirs) || !_layout.IsPlausible(theirs))
        {
            return false;
        }

        AveragingKernel.Answer(next, theirs, difference);
        if (!TryTake(next))
        {
            return false;
        }

        foreach (var cell in difference)
        {
            answer.WriteDouble(cell);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryApply(ReadOnlySpan<byte> answer)
    {
        Span<double> difference = stackalloc double[_cells.Length];
        Span<double> next = stackalloc double[_cells.Length];
        _cells.CopyTo(next);
        if (!TryRead(answer, difference))
        {
            return false;
        }

        AveragingKernel.Apply(next, difference);
        return _layout.IsPlausible(next) && TryTake(next);
    }

    /// <inheritdoc/>
    public bool TryCopy(ReadOnlySpan<byte> state)
    {
        Span<double> theirs = stackalloc double[_cells.Length];
        if (!TryRead(state, theirs) || !_layout.IsPlausible(theirs))
        {
            return false;
        }

        theirs.CopyTo(_cells);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, Span<double> cells)
    {
        var reader = new WireReader(bytes);
        foreach (ref var cell in cells)
        {
            cell = reader.ReadDouble();
        }

        return bytes.Length == sizeof(double) * cells.Length
            && AveragingKernel.AreSound(cells, MomentLayout.LargestCell);
    }

    private bool TryTake(ReadOnlySpan<double> next)
    {
        if (Math.Abs(_layout.ValueOf(next) - Value) > StepLimit)
        {
            return false;
        }

        next.CopyTo(_cells);
        return true;
    }
}
