namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>
/// A protocol of the same node that computes the aggregates of one method. Definitions are known and spread by
/// the push-pull protocol, which tells it which there are and which epoch it is; both belong to one event
/// loop.
/// </summary>
internal interface IAggregateCarrier
{
    /// <summary>Which aggregates are its.</summary>
    AggregateMethod Method { get; }

    /// <summary>Whom it belongs to; once, before anything else.</summary>
    void Attach(IAggregationHost host);

    /// <summary>An aggregate became known here: takes part in it.</summary>
    /// <returns>False if there is no room.</returns>
    bool TryCarry(ulong id, AggregateDefinition definition);

    /// <summary>This node gives no value to it any more, but goes on passing it on.</summary>
    void Withdraw(ulong id);

    /// <summary>It is forgotten.</summary>
    void Drop(ulong id);

    /// <summary>The epoch is over here, at its end or because others are in a later one.</summary>
    void EndEpoch();

    /// <summary>The node has entered another epoch.</summary>
    void BeginEpoch();
}
