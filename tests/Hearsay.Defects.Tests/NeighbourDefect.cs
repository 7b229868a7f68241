namespace Hearsay.Protocols;

/// <summary>Ways to get stable neighbours wrong.</summary>
public enum NeighbourDefect
{
    /// <summary>As it ships.</summary>
    None,

    /// <summary>A neighbour that does not answer is never given up.</summary>
    DeadNeighbourKept,

    /// <summary>A disconnect ends the link whatever number it names.</summary>
    StaleDisconnectHonoured,

    /// <summary>A leaver is kept as a spare peer.</summary>
    LeaverKept,

    /// <summary>Who speaks over a link that is not there hears nothing.</summary>
    StrangerNotTold,

    /// <summary>A neighbour stays among the spare peers.</summary>
    NeighbourStaysSpare,

    /// <summary>A lost neighbour is not replaced.</summary>
    NoRefill,

    /// <summary>A join walk ends at its first hop, in nothing.</summary>
    WalkNotForwarded,

    /// <summary>Full nodes never exchange a neighbour.</summary>
    NoMixing,

    /// <summary>When a peer does not answer nobody else is asked.</summary>
    NoSecondTry,

    /// <summary>A refusal makes a one-sided link.</summary>
    RefusalTakenForYes,

    /// <summary>Who gives way to somebody else is not told.</summary>
    DisplacedNotTold,

    /// <summary>A full node makes room for everybody.</summary>
    FullNodeAccepts,

    /// <summary>Any number confirms a link: addresses are not proven.</summary>
    NumberNotChecked,
}
