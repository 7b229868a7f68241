namespace Hearsay;

/// <summary>What a node does that finds its id in use by another one which has run for longer.</summary>
public enum IdConflictAction
{
    /// <summary>It takes a new id, says so, and joins anew.</summary>
    Renew,

    /// <summary>It says so and stops, without a word to its neighbours, who would take it for the other's.</summary>
    Stop,
}
