namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>Takes the estimates, inside the event loop: it must return at once and allocate nothing.</summary>
internal interface IAggregateSink
{
    /// <summary>
    /// What an aggregate stands at: once a cycle, and once at the end of the epoch with
    /// <see cref="AggregateEstimate.IsFinal"/>.
    /// </summary>
    void OnEstimate(ulong id, in AggregateEstimate estimate);

    /// <summary>
    /// What was told of an aggregate so far belongs to a life that is over: it is forgotten here, or the node has come
    /// to another cluster. What is told from now on has nothing to do with it, whatever its epochs are numbered.
    /// </summary>
    /// <param name="id">The aggregate.</param>
    /// <param name="isForgotten">Whether nothing more is told unless it becomes known again.</param>
    void OnLifeEnded(ulong id, bool isForgotten);
}
