using Hearsay.Protocols.Security.Origins;

namespace Hearsay;

/// <summary>
/// The counters of rumor mongering on one node since it started. They only grow. The event loop writes them, and any
/// thread may read them.
/// </summary>
public sealed class RumorCounters
{
    /// <summary>Rumors that this node started.</summary>
    public long Begun { get; internal set; }

    /// <summary>Rumors heard for the first time.</summary>
    public long Heard { get; internal set; }

    /// <summary>Copies received of rumors that were known already.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>
    /// Copies of rumors sent: the traffic m of the literature, summed over all rumors. Copies without the payload count
    /// too; a node leaves the payload out if the other side has named the rumor.
    /// </summary>
    public long CopiesSent { get; internal set; }

    /// <summary>Requests sent.</summary>
    public long RequestsSent { get; internal set; }

    /// <summary>Feedbacks sent: answers that say which rumors were new.</summary>
    public long FeedbacksSent { get; internal set; }

    /// <summary>Contacts rejected because of the connection limit.</summary>
    public long TurnedAway { get; internal set; }

    /// <summary>Times when a hot rumor did not fit the datagrams of a contact and had to wait.</summary>
    public long Deferred { get; internal set; }

    /// <summary>Frames dropped because they could not be decoded.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Copies dropped because the rumor was older than <see cref="RumorOptions.MaximumAgeCycles"/>.</summary>
    public long Stale { get; internal set; }

    /// <summary>New rumors refused because too many came in one cycle.</summary>
    public long Throttled { get; internal set; }

    /// <summary>New rumors refused because too many payloads were kept.</summary>
    public long Full { get; internal set; }

    /// <summary>
    /// Frames with new rumors that were given up because too many waited for the proof of their senders' addresses.
    /// </summary>
    public long Unproven { get; internal set; }

    /// <summary>
    /// New rumors dropped, in mode identity, because their signature is missing or not valid. For a minute this node
    /// accepts no new rumors from the node that sent one.
    /// </summary>
    public long BadSignatures => Origins.BadSignatures;

    /// <summary>
    /// New rumors dropped, in mode identity, because their sender sent a forged one less than a minute ago.
    /// </summary>
    public long FromShunned => Origins.FromShunned;

    /// <summary>
    /// New rumors dropped, in mode identity, because the token of their origin has ended or was revoked.
    /// </summary>
    public long NotAdmitted => Origins.NotAdmitted;

    /// <summary>
    /// New rumors dropped, in mode identity, because they were signed longer ago than an hour plus
    /// <see cref="RumorOptions.MaximumAgeCycles"/>, by the clock of this node. Somebody repeats them, or a clock is
    /// wrong.
    /// </summary>
    public long SignedLongAgo => Origins.SignedLongAgo;

    /// <summary>Ids forgotten before their time to make room for others.</summary>
    public long Forgotten { get; internal set; }

    /// <summary>Answers dropped because they belong to no request of this node, or came twice.</summary>
    public long Strays { get; internal set; }

    /// <summary>Where what was refused of signed rumors is counted.</summary>
    internal OriginCounters Origins { get; } = new();
}
