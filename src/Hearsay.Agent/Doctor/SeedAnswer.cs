namespace Hearsay.Agent.Doctor;

/// <summary>What a seed answers over UDP.</summary>
internal enum SeedAnswer
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A node of this cluster.</summary>
    Node,

    /// <summary>A node of another cluster.</summary>
    OtherCluster,

    /// <summary>Its operating system says that nobody listens.</summary>
    Closed,

    /// <summary>This host knows no way there.</summary>
    NoWay,

    /// <summary>It was not asked: a guest would take the place of the agent that runs.</summary>
    NotAsked,
}
