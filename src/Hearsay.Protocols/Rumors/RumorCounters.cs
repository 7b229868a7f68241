namespace Hearsay;

/// <summary>
/// What rumor mongering counted on one node since it started. Fields only grow; the event loop writes them, any thread
/// may read them.
/// </summary>
public sealed class RumorCounters
{
    /// <summary>Rumors this node began.</summary>
    public long Begun { get; internal set; }

    /// <summary>Rumors heard for the first time.</summary>
    public long Heard { get; internal set; }

    /// <summary>Copies that were known already.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>
    /// Copies of rumors sent: the literature's traffic m, summed over rumors. Those count too that leave out the text
    /// because the other side has named the rumor.
    /// </summary>
    public long CopiesSent { get; internal set; }

    /// <summary>Requests sent.</summary>
    public long RequestsSent { get; internal set; }

    /// <summary>Answers sent that say which rumors were new.</summary>
    public long FeedbacksSent { get; internal set; }

    /// <summary>Contacts turned away because of the connection limit.</summary>
    public long TurnedAway { get; internal set; }

    /// <summary>Times a hot rumor did not fit the datagrams of a contact and waited.</summary>
    public long Deferred { get; internal set; }

    /// <summary>Frames dropped because they could not be read.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Copies dropped because the rumor was older than any may be.</summary>
    public long Stale { get; internal set; }

    /// <summary>New rumors refused because too many came in one cycle.</summary>
    public long Throttled { get; internal set; }

    /// <summary>New rumors refused because too many texts were kept.</summary>
    public long Full { get; internal set; }

    /// <summary>
    /// Frames with news that were given up before their senders had proven their addresses, because too many waited.
    /// </summary>
    public long Unproven { get; internal set; }

    /// <summary>Ids forgotten before their time because another needed the place.</summary>
    public long Forgotten { get; internal set; }

    /// <summary>Answers dropped because they answer nothing this node asked, or came twice.</summary>
    public long Strays { get; internal set; }
}
