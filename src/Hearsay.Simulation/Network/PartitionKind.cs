namespace Hearsay.Simulation;

/// <summary>The direction in which a partition cuts.</summary>
public enum PartitionKind
{
    /// <summary>Nothing passes between the sides.</summary>
    Full,

    /// <summary>Nothing passes between the sides, except that the first node of the named side reaches all.</summary>
    Bridged,

    /// <summary>No other node hears the named side, but it hears all.</summary>
    OneWay,
}
