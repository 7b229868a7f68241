namespace Hearsay.Simulation;

/// <summary>
/// What the nodes of an experiment know of the size of their network. None is ever told the true one.
/// </summary>
public enum SizeKnowledge
{
    /// <summary>
    /// Aggregation runs beside broadcast, with its default options, as on a live node: a node reckons with its own
    /// estimate as soon as it has one.
    /// </summary>
    Estimated = 0,

    /// <summary>
    /// Nothing measures the size, as on a live node in its first seconds, or without aggregation: a node reckons with
    /// <see cref="Protocols.BroadcastOptions.FirstSizeGuess"/>.
    /// </summary>
    Unknown = 1,
}
