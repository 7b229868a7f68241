namespace Hearsay.Protocols.Requests;

/// <summary>Where the handlers are. Called inside the event loop, so it starts them elsewhere and returns.</summary>
internal interface IRequestSink
{
    /// <summary>A request has come, for the first and only time.</summary>
    /// <param name="arrival">The request.</param>
    /// <param name="refusal">What its asker is told if the method returns false.</param>
    /// <returns>
    /// False if nobody handles it. If true, an <see cref="AnswerCommand"/> follows, whatever happens.
    /// </returns>
    bool TryTake(in RequestArrival arrival, out RequestStatus refusal);

    /// <summary>Nobody waits any more for the answer to a request that was taken.</summary>
    void Cancel(in RequestKey key);
}
