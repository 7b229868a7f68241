using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// The smallest or the largest value: a merge that may be repeated. On the wire: 1 byte (0 for nothing yet, 1), then
/// the value in 8; the answer is the merged state.
/// </summary>
internal sealed class ExtremeState(AggregateDefinition definition) : IAggregateState
{
    private readonly double _low = definition.Minimum ?? -AggregateDefinition.MaximumMagnitude;
    private readonly double _high = definition.Maximum ?? AggregateDefinition.MaximumMagnitude;
    private readonly bool _isMin = definition.Kind == AggregateKind.Min;

    /// <inheritdoc/>
    public int MaximumBytes => 1 + sizeof(double);

    /// <inheritdoc/>
    public double Value { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public double MethodError => 0;

    /// <inheritdoc/>
    public bool IsBlank => false;

    /// <inheritdoc/>
    public double Contributors => double.NaN;

    /// <summary>An extreme may be anywhere: no limit.</summary>
    public double StepLimit { get; set; }

    /// <inheritdoc/>
    public void Clear() => Value = double.NaN;

    /// <inheritdoc/>
    public bool TryContribute(in AggregateInput input)
    {
        if (!(Math.Abs(input.Value) <= AggregateDefinition.MaximumMagnitude))
        {
            return false;
        }

        Merge(Math.Clamp(input.Value, _low, _high));
        return true;
    }

    /// <inheritdoc/>
    public void WriteRequest(ref WireWriter writer) => Write(ref writer);

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        if (answer.Room < MaximumBytes || !TryMerge(request))
        {
            return false;
        }

        Write(ref answer);
        return true;
    }

    /// <inheritdoc/>
    public bool TryApply(ReadOnlySpan<byte> answer) => TryMerge(answer);

    /// <summary>A merge may be repeated, so a look is one too.</summary>
    public bool TryCopy(ReadOnlySpan<byte> state) => TryMerge(state);

    private void Write(ref WireWriter writer)
    {
        writer.WriteByte(double.IsNaN(Value) ? (byte)0 : (byte)1);
        writer.WriteDouble(double.IsNaN(Value) ? 0 : Value);
    }

    private bool TryMerge(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var known = reader.ReadByte();
        var value = reader.ReadDouble();
        if (bytes.Length != MaximumBytes || known > 1 || !(value >= _low && value <= _high || known == 0))
        {
            return false;
        }

        if (known == 1)
        {
            Merge(value);
        }

        return true;
    }

    private void Merge(double value) =>
        Value = double.IsNaN(Value) ? value : _isMin ? Math.Min(Value, value) : Math.Max(Value, value);
}
