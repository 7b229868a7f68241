namespace Hearsay.Agent.Doctor;

/// <summary>How bad it is.</summary>
internal enum FindingLevel
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>It works, or may work, and somebody should know.</summary>
    Warning,

    /// <summary>A node will not do what it is meant to do.</summary>
    Problem,
}
