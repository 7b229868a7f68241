using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>
/// Where a node's own values come from. The machine asks; the answer comes later as <see
/// cref="AggregationCommand.ProvideValue"/>, so that the application's code never runs inside the event loop.
/// </summary>
internal interface IAggregateValues
{
    /// <summary>
    /// An epoch began: the node's value is wanted. Must return at once. Whoever has none does nothing, and the node is
    /// a relay in this epoch.
    /// </summary>
    /// <param name="id">The aggregate's id.</param>
    /// <param name="definition">What it is.</param>
    /// <param name="epoch">Goes into the answer.</param>
    void RequestValue(ulong id, AggregateDefinition definition, long epoch);
}
