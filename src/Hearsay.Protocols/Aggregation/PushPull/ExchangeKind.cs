namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>What a node wants of a partner.</summary>
internal enum ExchangeKind : byte
{
    /// <summary>To exchange: both sides change.</summary>
    Exchange,

    /// <summary>To know the epoch, the network's size and what aggregates there are.</summary>
    Ask,

    /// <summary>To look at the states of the epoch under way.</summary>
    Look,
}
