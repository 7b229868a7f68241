namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>What a node makes of the values it pulls in a round of a quantile tournament.</summary>
internal enum TournamentRoundKind
{
    /// <summary>The smaller of two: a low quantile moves up to the median.</summary>
    Least,

    /// <summary>The larger of two: a high quantile moves down to the median.</summary>
    Greatest,

    /// <summary>The median of three: all values close in on the median.</summary>
    Median,

    /// <summary>The median of all pulled, which is the answer; the own value stays.</summary>
    Answer,
}
