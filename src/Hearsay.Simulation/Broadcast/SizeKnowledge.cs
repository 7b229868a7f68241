namespace Hearsay.Simulation;

/// <summary>
/// The source from which the nodes of an experiment know the size of their network. No node is ever told the true size.
/// </summary>
public enum SizeKnowledge
{
    /// <summary>
    /// Aggregation runs beside broadcast with its default options, as on a live node. A node uses its own estimate as
    /// soon as it has one.
    /// </summary>
    Estimated = 0,

    /// <summary>
    /// Nothing measures the size, as on a live node in its first seconds or without aggregation. A node assumes
    /// <see cref="Protocols.BroadcastOptions.FirstSizeGuess"/>.
    /// </summary>
    Unknown = 1,
}
