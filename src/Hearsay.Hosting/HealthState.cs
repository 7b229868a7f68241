namespace Hearsay.Hosting;

/// <summary>How the node is.</summary>
internal enum HealthState
{
    /// <summary>It has not met anybody yet, and expects somebody.</summary>
    Starting,

    /// <summary>It has peers, or expects nobody: it has no seeds and is the first node.</summary>
    Healthy,

    /// <summary>It expects peers and has had none for some cycles.</summary>
    Isolated,

    /// <summary>Its cycles do not go on.</summary>
    Stalled,

    /// <summary>It has left the network or was stopped.</summary>
    Stopped,
}
