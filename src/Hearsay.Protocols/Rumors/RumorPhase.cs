namespace Hearsay.Protocols.Rumors;

/// <summary>What a rumor is to one node. (Susceptible, infective and removed, in the words of epidemiology.)</summary>
internal enum RumorPhase : byte
{
    /// <summary>The node does not know it.</summary>
    Unknown,

    /// <summary>
    /// Learned in this cycle: to others the node still counts as one that did not know, and it tells nobody yet.
    /// </summary>
    Fresh,

    /// <summary>The node knows it and spreads it.</summary>
    Hot,

    /// <summary>The node knows it and has lost interest.</summary>
    Removed,
}
