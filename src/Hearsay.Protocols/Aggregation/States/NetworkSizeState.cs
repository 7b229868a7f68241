using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// The size of the network as an aggregate of its own: it reads the map of leaders, which every message carries anyway,
/// and adds nothing to it.
/// </summary>
internal sealed class NetworkSizeState(LeaderMap leaders) : IAggregateState
{
    /// <inheritdoc/>
    public int MaximumBytes => 1;

    /// <inheritdoc/>
    public double Value => leaders.Estimate().Size;

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
    public bool TryContribute(in AggregateInput input) => true;

    /// <inheritdoc/>
    public void WriteRequest(ref WireWriter writer) => writer.WriteByte(0);

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        if (request.Length != 1 || answer.Room < 1)
        {
            return false;
        }

        answer.WriteByte(0);
        return true;
    }

    /// <inheritdoc/>
    public bool TryApply(ReadOnlySpan<byte> answer) => answer.Length == 1;

    /// <inheritdoc/>
    public bool TryCopy(ReadOnlySpan<byte> state) => state.Length == 1;
}
