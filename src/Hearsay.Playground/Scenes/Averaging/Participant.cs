using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.PushPull;

namespace Hearsay.Playground.Scenes.Averaging;

/// <summary>One node's part in the average: its number, which it gives when an epoch begins.</summary>
internal sealed class Participant(double number) : IAggregateValues
{
    /// <summary>The number.</summary>
    public double Number { get; set; } = number;

    /// <summary>The number that was given last.</summary>
    public double Given { get; set; } = number;

    /// <summary>The epoch for which the number was asked and not given yet.</summary>
    public long? Asked { get; set; }

    /// <summary>The node's aggregation.</summary>
    public AggregationProtocol Protocol { get; set; } = null!;

    /// <inheritdoc/>
    public void RequestValue(ulong id, AggregateDefinition definition, long epoch) => Asked = epoch;
}
