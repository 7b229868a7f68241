namespace Hearsay;

/// <summary>
/// How nodes come to agree on an aggregate. It is part of the definition: the same name by two methods is two
/// aggregates.
/// </summary>
public enum AggregateMethod : byte
{
    /// <summary>
    /// Push-pull averaging in epochs: right to many digits after some thirty cycles, then begun anew. The default, and
    /// best for results that are wanted now and then.
    /// </summary>
    PushPull = 0,

    /// <summary>
    /// Push-sum in epochs: messages are never answered, for networks in which only one direction works. It takes twice
    /// as many cycles, and lost messages shift the result a little. Source: Kempe, Dobra, Gehrke, FOCS 2003.
    /// </summary>
    PushSum = 1,

    /// <summary>
    /// Flow updating over sticky neighbours, without epochs: for values that never stop changing. Loss does not shift
    /// the result, it only delays it. Source: Jesus, Baquero, Almeida, DAIS 2009.
    /// </summary>
    FlowUpdating = 2,

    /// <summary>
    /// Tournaments, the method of <see cref="AggregateKind.Quantile"/> and of no other kind. Source: Haeupler,
    /// Mohapatra, Su, PODC 2018.
    /// </summary>
    Tournament = 3,
}
