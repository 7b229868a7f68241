namespace Hearsay.Simulation;

/// <summary>What can go wrong. In the text of a plan the names are in lower case.</summary>
public enum FaultKind
{
    /// <summary>The nodes stop without a word.</summary>
    Crash,

    /// <summary>
    /// The nodes start again with their identity and a higher incarnation; those that run crash first.
    /// </summary>
    Restart,

    /// <summary>The nodes start again as somebody else at the same address: they lost their state.</summary>
    Forget,

    /// <summary>The nodes start again with their id and the incarnation of their first start.</summary>
    Amnesia,

    /// <summary>The nodes say they leave, and stop.</summary>
    Leave,

    /// <summary>The nodes' processes stop for the duration.</summary>
    Pause,

    /// <summary>The amount is what every packet and timer of the nodes takes longer, in ms, for the duration.</summary>
    Slow,

    /// <summary>The amount is the rate of the nodes' clocks from then on.</summary>
    Drift,

    /// <summary>The nodes get another address.</summary>
    Move,

    /// <summary>The nodes are cut off from all others for the duration.</summary>
    Split,

    /// <summary>The same, but the first of them reaches all.</summary>
    Bridge,

    /// <summary>Nobody hears the nodes for the duration, but they hear all.</summary>
    Mute,

    /// <summary>The amount is a share of datagrams lost for the duration, by everybody.</summary>
    Storm,

    /// <summary>The amount says how many nodes join.</summary>
    Join,

    /// <summary>The second of two nodes is told of the first as if it had last been heard of ages ago.</summary>
    Antique,

    /// <summary>
    /// For the duration, an attacker is on the path to and from the nodes, who has no key. The amount is the share of
    /// packets that it drops, keeps back or changes, and of those after which it sends a captured one once more: to its
    /// receiver, its sender or another node, or from another address. Only campaigns in mode key choose it.
    /// </summary>
    Attack,
}
