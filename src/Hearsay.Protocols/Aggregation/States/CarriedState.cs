using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// Stands in the table of definitions for an aggregate that another protocol of the node computes: it is known here, so
/// that it spreads and is forgotten like every other, and takes part in no exchange.
/// </summary>
internal sealed class CarriedState : IAggregateState
{
    /// <inheritdoc/>
    public int MaximumBytes => 0;

    /// <inheritdoc/>
    public double Value => double.NaN;

    /// <inheritdoc/>
    public double MethodError => 0;

    /// <inheritdoc/>
    public bool IsBlank => false;

    /// <inheritdoc/>
    public double Contributors => double.NaN;

    /// <inheritdoc/>
    public double StepLimit { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
    }

    /// <inheritdoc/>
    public bool TryContribute(in AggregateInput input) => false;

    /// <inheritdoc/>
    public void WriteRequest(ref WireWriter writer)
    {
    }

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer) => false;

    /// <inheritdoc/>
    public bool TryApply(ReadOnlySpan<byte> answer) => false;

    /// <inheritdoc/>
    public bool TryCopy(ReadOnlySpan<byte> state) => false;
}
