namespace Hearsay;

/// <summary>
/// The counters of requests on one node since it started. They only grow. The event loop writes them, and any thread
/// may read them.
/// </summary>
public sealed class RequestCounters
{
    /// <summary>Requests that this node began.</summary>
    public long Asked { get; internal set; }

    /// <summary>Requests of this node that a handler answered.</summary>
    public long Answered { get; internal set; }

    /// <summary>
    /// Requests of this node that were rejected: no handler of that name, the responder or this node was busy, or the
    /// handler failed.
    /// </summary>
    public long Rejected { get; internal set; }

    /// <summary>Requests of this node to which no answer came in time.</summary>
    public long Unanswered { get; internal set; }

    /// <summary>Requests of this node that the application cancelled.</summary>
    public long Cancelled { get; internal set; }

    /// <summary>Copies of requests that this node sent again because nothing had come back, and polls.</summary>
    public long Repeated { get; internal set; }

    /// <summary>Requests that were given to a handler of this node, each once.</summary>
    public long Handled { get; internal set; }

    /// <summary>Requests for which this node has no handler.</summary>
    public long WithoutHandler { get; internal set; }

    /// <summary>
    /// Requests that this node answered "busy": too many handlers were running, or the asker sent too many.
    /// </summary>
    public long Shed { get; internal set; }

    /// <summary>Copies of requests that were handled already, or are being handled.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Requests of unknown conversations that may have been handled before, and were not handled.</summary>
    public long Refused { get; internal set; }

    /// <summary>Answers that were given up before the asker confirmed them, because there was no room.</summary>
    public long AnswersForgotten { get; internal set; }

    /// <summary>
    /// Requests that were given up because too many waited for the proof of their sender's address. The sender repeats
    /// them.
    /// </summary>
    public long Unproven { get; internal set; }

    /// <summary>Frames dropped because they could not be decoded.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Frames dropped because they belong to no request.</summary>
    public long Strays { get; internal set; }
}
