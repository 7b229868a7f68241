using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Aggregation.Definitions;

/// <summary>What one node gives to one aggregate in one epoch.</summary>
/// <param name="Value">The value of a scalar kind.</param>
/// <param name="Weight">Its weight, for the weighted average.</param>
/// <param name="Values">The values of a distribution (quantiles, histogram, sample); if empty, the one value.</param>
/// <param name="Items">
/// Hashes of the items, for the distinct count and, with as many values, for a sample.
/// </param>
/// <param name="Seed">
/// What random draws for this value follow from: set by the protocol, another on each node, in each epoch and for each
/// aggregate.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AggregateInput(
    double Value,
    double Weight = 1,
    ReadOnlyMemory<double> Values = default,
    ReadOnlyMemory<ulong> Items = default,
    ulong Seed = 0);
