namespace Hearsay.Protocols;

/// <summary>Takes the estimates, inside the event loop: it must return at once and allocate nothing.</summary>
internal interface IAggregateSink
{
    /// <summary>
    /// What an aggregate stands at: once a cycle, and once at the end of the epoch with
    /// <see cref="AggregateEstimate.IsFinal"/>.
    /// </summary>
    void OnEstimate(ulong id, in AggregateEstimate estimate);
}
