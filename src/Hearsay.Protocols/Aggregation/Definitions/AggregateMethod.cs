namespace Hearsay;

/// <summary>
/// The method by which nodes agree on an aggregate. It is part of the definition: the same name with two methods is two
/// aggregates.
/// </summary>
public enum AggregateMethod : byte
{
    /// <summary>
    /// Push-pull averaging in epochs. The result is accurate to many digits after about thirty cycles, and then starts
    /// anew. This is the default, and best for results that are needed now and then.
    /// </summary>
    PushPull = 0,

    /// <summary>
    /// Push-sum in epochs. Messages are never answered, so it works where only one direction does. It takes twice as
    /// many cycles, and lost messages shift the result a little. Source: Kempe, Dobra, Gehrke, FOCS 2003.
    /// </summary>
    PushSum = 1,

    /// <summary>
    /// Flow updating over fixed neighbours, without epochs. It is for values that change all the time. Lost messages
    /// delay the result but do not shift it. Source: Jesus, Baquero, Almeida, DAIS 2009.
    /// </summary>
    FlowUpdating = 2,

    /// <summary>
    /// Tournaments. Only <see cref="AggregateKind.Quantile"/> uses this method, and it uses no other. Source: Haeupler,
    /// Mohapatra, Su, PODC 2018.
    /// </summary>
    Tournament = 3,
}
