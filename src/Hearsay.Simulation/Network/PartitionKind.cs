namespace Hearsay.Simulation;

/// <summary>Which way a partition cuts.</summary>
public enum PartitionKind
{
    /// <summary>Nothing passes between the sides.</summary>
    Full,

    /// <summary>Nothing passes between the sides but for the first node of the side named, which reaches all.</summary>
    Bridged,

    /// <summary>The side named is heard by nobody, but hears all.</summary>
    OneWay,
}
