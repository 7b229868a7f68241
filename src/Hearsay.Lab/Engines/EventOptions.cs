using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Engines;

/// <summary>What an <see cref="EventEngine"/> does beside the protocol.</summary>
/// <param name="Seed">Of the network and all its nodes.</param>
/// <param name="Latency">The delay of a packet one way.</param>
/// <param name="Loss">The share of packets lost, from 0 to 1.</param>
/// <param name="JoinsPerCycle">Nodes that join in each cycle of a growing start.</param>
/// <param name="Trace">Where the run is traced; null for no trace.</param>
internal sealed record EventOptions(
    ulong Seed, LatencyRange Latency, double Loss = 0, int JoinsPerCycle = 500, LabTrace? Trace = null);
