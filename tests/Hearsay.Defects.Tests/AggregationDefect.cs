namespace Hearsay.Protocols;

/// <summary>Ways to get aggregation wrong.</summary>
public enum AggregationDefect
{
    /// <summary>As it ships.</summary>
    None,

    /// <summary>The asking side averages what it sent, not what it holds when the answer comes.</summary>
    BothSidesAverageOldValues,

    /// <summary>An answer stays expected after it came.</summary>
    AnswerAppliedTwice,

    /// <summary>An answer of an epoch that has passed is applied.</summary>
    OldAnswerApplied,

    /// <summary>A node never follows another to a later epoch.</summary>
    EpochNotAdopted,

    /// <summary>An epoch is followed however far ahead it is.</summary>
    FarEpochFollowed,

    /// <summary>A request that comes again is applied again.</summary>
    RetryNotIdempotent,

    /// <summary>A joiner takes part in an epoch under way.</summary>
    JoinerStartsAtOnce,

    /// <summary>A leader known on one side only is copied instead of shared.</summary>
    LeaderNotHalved,

    /// <summary>A value that is given twice counts twice.</summary>
    ValueTakenTwice,

    /// <summary>What is no number is taken for one.</summary>
    NonsenseAccepted,

    /// <summary>A distribution is added up instead of averaged: what met twice counts twice.</summary>
    SketchMergedTwice,

    /// <summary>A definition stays for ever.</summary>
    DefinitionNeverForgotten,

    /// <summary>Extrema are drawn anew for each exchange, not once an epoch.</summary>
    DrawnForEachExchange,

    /// <summary>Two nodes' extrema are added up as sums of different nodes: what met twice counts twice.</summary>
    SketchAddedUp,

    /// <summary>A node that joins in vain says that it is a network of one.</summary>
    LonelySizeKept,

    /// <summary>A node that slept through most of an epoch keeps the size it had come to.</summary>
    SleepersSizeKept,

    /// <summary>Four exchanges that moved the size little are enough to believe it.</summary>
    LuckySizeKept,

    /// <summary>An item has another hash on each node, so that it is sampled once for each.</summary>
    ItemHashedByNode,

    /// <summary>Nodes of a process that was kept from running begin their cycles together from then on.</summary>
    PlaceInCycleLost,
}
