namespace Hearsay;

/// <summary>
/// What a node does when another node, which has run for longer, uses the same id. In mode identity it always stops.
/// </summary>
public enum IdConflictAction
{
    /// <summary>The node takes a new id, reports that, and joins anew.</summary>
    Renew,

    /// <summary>
    /// The node reports the conflict and stops. It does not tell its neighbours that it leaves, since they would take
    /// that for a message of the other node.
    /// </summary>
    Stop,
}
