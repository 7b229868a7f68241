namespace Hearsay.Simulation;

/// <summary>The kinds of fault. In the text of a plan their names are in lower case.</summary>
public enum FaultKind
{
    /// <summary>The nodes stop without telling others.</summary>
    Crash,

    /// <summary>
    /// The nodes start again with their identity and a higher incarnation; those that run crash first.
    /// </summary>
    Restart,

    /// <summary>The nodes lose their state: they start again with a new id at the same address.</summary>
    Forget,

    /// <summary>The nodes start again with their id and the incarnation of their first start.</summary>
    Amnesia,

    /// <summary>The nodes announce that they leave, and stop.</summary>
    Leave,

    /// <summary>The nodes' processes stop for the duration.</summary>
    Pause,

    /// <summary>For the duration, every packet and timer of the nodes takes longer; the amount is the delay in
    /// ms.</summary>
    Slow,

    /// <summary>The amount is the rate of the nodes' clocks from then on.</summary>
    Drift,

    /// <summary>The nodes get another address.</summary>
    Move,

    /// <summary>The nodes are cut off from all others for the duration.</summary>
    Split,

    /// <summary>The nodes are cut off from all others for the duration, except for the first, which reaches
    /// all.</summary>
    Bridge,

    /// <summary>For the duration, no other node hears the nodes, but they hear all others.</summary>
    Mute,

    /// <summary>For the duration, all nodes lose datagrams; the amount is the share that is lost.</summary>
    Storm,

    /// <summary>Nodes join; the amount is their number.</summary>
    Join,

    /// <summary>The second of two nodes is told of the first as if it had last been heard of ages ago.</summary>
    Antique,

    /// <summary>
    /// For the duration, an attacker is on the path to and from the nodes, who has no key. The amount is the share of
    /// packets that it drops, holds back or changes. It is also the share of packets after which it resends a captured
    /// one: to the packet's receiver, its sender or another node, or from another address. Only campaigns in mode key
    /// choose it.
    /// </summary>
    Attack,
}
