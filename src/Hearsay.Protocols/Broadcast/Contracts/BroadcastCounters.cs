using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols;

/// <summary>
/// The counters of broadcast on one node since it started. They only grow. The event loop writes them, and any thread
/// may read them.
/// </summary>
public sealed class BroadcastCounters
{
    /// <summary>Messages that this node published.</summary>
    public long Published { get; internal set; }

    /// <summary>Messages delivered to the application, those of this node included.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Messages sent with their payload, counted once per neighbour.</summary>
    public long PayloadsSent { get; internal set; }

    /// <summary>The bytes in the bodies of <see cref="PayloadsSent"/>.</summary>
    public long PayloadBytesSent { get; internal set; }

    /// <summary>Messages received that this node already had.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Frames sent without a payload: announcements, requests, changes of the tree, digests.</summary>
    public long ControlSent { get; internal set; }

    /// <summary>The bytes in the bodies of <see cref="ControlSent"/>.</summary>
    public long ControlBytesSent { get; internal set; }

    /// <summary>Announcements sent, counted once per message and neighbour. One frame carries many.</summary>
    public long AnnouncementsSent { get; internal set; }

    /// <summary>Requests sent for one message each.</summary>
    public long Pulls { get; internal set; }

    /// <summary>Requests that this node answered with the message.</summary>
    public long PullsAnswered { get; internal set; }

    /// <summary>Requests for a message that this node no longer holds, or never held.</summary>
    public long PullsRefused { get; internal set; }

    /// <summary>
    /// Requests for messages, chunks and digests that were not answered because a neighbour asked for too much at once.
    /// </summary>
    public long AnswersRefused { get; internal set; }

    /// <summary>Announced messages that this node requested in vain and left to the repair.</summary>
    public long PullsGivenUp { get; internal set; }

    /// <summary>Grafts sent: requests to push the messages of a source over a link.</summary>
    public long GraftsSent { get; internal set; }

    /// <summary>Grafts refused because this node does not know the source.</summary>
    public long GraftsRefused { get; internal set; }

    /// <summary>Prunes sent: requests to only announce the messages of a source over a link.</summary>
    public long PrunesSent { get; internal set; }

    /// <summary>Messages that the repair found missing on this node and requested.</summary>
    public long RepairsAsked { get; internal set; }

    /// <summary>Messages that arrived because the repair had requested them.</summary>
    public long Repaired { get; internal set; }

    /// <summary>Frames that could not be decoded.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Frames that did not come over a link of this node, whichever sender they name.</summary>
    public long Strangers { get; internal set; }

    /// <summary>Frames ignored because their link had just closed. Messages and chunks are still used then.</summary>
    public long AfterClose { get; internal set; }

    /// <summary>Messages dropped because they were older than <see cref="BroadcastOptions.Retention"/>.</summary>
    public long TooOld { get; internal set; }

    /// <summary>Replayed messages: their sequence number had been seen, although their id had been forgotten.</summary>
    public long Replayed { get; internal set; }

    /// <summary>Messages that name this node as their publisher although it never published them.</summary>
    public long Forged { get; internal set; }

    /// <summary>
    /// Messages dropped, in mode identity, because their signature is missing or not valid. The node that passed them
    /// on cannot be a neighbour for a minute.
    /// </summary>
    public long BadSignatures { get; internal set; }

    /// <summary>Messages dropped, in mode identity, because they came from a node that this node shuns.</summary>
    public long FromShunned { get; internal set; }

    /// <summary>
    /// Messages dropped, in mode identity, because the token of their publisher has ended or was revoked.
    /// </summary>
    public long NotAdmitted { get; internal set; }

    /// <summary>
    /// Messages dropped, in mode identity, because they were signed longer ago than the retention plus an hour, by the
    /// clock of this node. Somebody repeats them, or a clock is wrong.
    /// </summary>
    public long SignedLongAgo { get; internal set; }

    /// <summary>Messages dropped because a link exceeded <see cref="BroadcastOptions.MessagesPerSecond"/>.</summary>
    public long RateLimited { get; internal set; }

    /// <summary>
    /// Messages of <see cref="BroadcastMode.Fanout"/> that were not forwarded because too many were waiting, or not
    /// used at all because too many were waiting for the proof of their source address.
    /// </summary>
    public long NotSentOn { get; internal set; }

    /// <summary>
    /// Messages published here without any neighbour that could not wait for the first one, because too many were
    /// waiting. The repair brings them to it.
    /// </summary>
    public long LeftToRepair { get; internal set; }

    /// <summary>Messages published here that became too old before the node had any neighbour.</summary>
    public long NeverSent { get; internal set; }

    /// <summary>Announcements refused because too many messages were missing already.</summary>
    public long MissingRefused { get; internal set; }

    /// <summary>Message ids forgotten before their time because there were too many.</summary>
    public long NamesForgotten { get; internal set; }

    /// <summary>Payloads dropped before their time because they took too many bytes.</summary>
    public long PayloadsForgotten { get; internal set; }

    /// <summary>Sources forgotten because there were too many.</summary>
    public long SourcesForgotten { get; internal set; }

    /// <summary>Gaps in the sequence of a source that were given up because there were too many.</summary>
    public long GapsForgotten { get; internal set; }

    /// <summary>Chunks of large messages that were sent.</summary>
    public long ChunksSent => Transfer.ChunksSent;

    /// <summary>The bytes of <see cref="ChunksSent"/>.</summary>
    public long ChunkBytesSent => Transfer.ChunkBytesSent;

    /// <summary>Chunks kept for a while because the queue of the link was full.</summary>
    public long ChunksDelayed => Transfer.ChunksDelayed;

    /// <summary>Chunks that had not been requested, came twice, or did not match the manifest.</summary>
    public long ChunksRefused => Transfer.ChunksRefused;

    /// <summary>Chunks that came before the manifest of their message.</summary>
    public long ChunksEarly => Transfer.ChunksEarly;

    /// <summary>
    /// Large messages whose chunks were not pushed to a neighbour because it had been sent much unrequested data
    /// lately. The neighbour requests them instead.
    /// </summary>
    public long FeedsRefused => Transfer.FeedsRefused;

    /// <summary>
    /// Chunks dropped for lack of room, because older messages were being received and made progress. The node requests
    /// them again.
    /// </summary>
    public long ChunksWithoutRoom => Transfer.ChunksWithoutRoom;

    /// <summary>
    /// Large messages refused because the maximum number was being received and made progress, or because they are too
    /// large for this node.
    /// </summary>
    public long LargeRefused { get; internal set; }

    /// <summary>Tracked messages that were forgotten before their time because there were too many.</summary>
    public long ReachForgotten { get; internal set; }

    /// <summary>
    /// Orphans (nodes that lost the parent from which they had a tracked message) that were not counted, because the
    /// message had 64 orphans already.
    /// </summary>
    public long OrphansRefused { get; internal set; }

    /// <summary>
    /// Large messages given up while chunks were missing. Either their time was over, or another message needed their
    /// place or room and they made no progress or were younger.
    /// </summary>
    public long LargeExpired => Transfer.GivenUp;

    /// <summary>
    /// Large messages that had been refused or had expired and were requested again, counted each time.
    /// </summary>
    public long LargeRetried { get; internal set; }

    /// <summary>
    /// Large messages that this node lost for good. They were too large, or there was no place, room or chunk for as
    /// long as the manifest was held, or too many others were waiting as well.
    /// </summary>
    public long LargeLost { get; internal set; }

    /// <summary>Messages published here that had to wait until the links accepted more.</summary>
    public long PublishesDelayed { get; internal set; }

    /// <summary>
    /// Messages of this node's application that were refused because too many were waiting for the links. The
    /// application got <see cref="PublishOutcome.Congested"/>.
    /// </summary>
    public long PublishesRefused { get; internal set; }

    /// <summary>Messages that waited until a neighbour accepted more, counted once per neighbour.</summary>
    public long PushesDelayed { get; internal set; }

    /// <summary>
    /// Messages that were announced to a neighbour and not pushed, because too many were waiting for it.
    /// </summary>
    public long PushesSkipped { get; internal set; }

    /// <summary>Messages sent to neighbours that, according to the neighbours, did not arrive.</summary>
    public long LinkLosses { get; internal set; }

    /// <summary>
    /// Times the node stopped waiting for a neighbour that accepted nothing, or far less than the others.
    /// </summary>
    public long LinksLeftBehind { get; internal set; }

    /// <summary>
    /// Messages of other nodes that never came and that no neighbour holds any more. They were reported to
    /// <see cref="IBroadcastSink.Lost"/>.
    /// </summary>
    public long MessagesLost { get; internal set; }

    /// <summary>What the transfer of large messages counts.</summary>
    internal TransferCounters Transfer { get; } = new();
}
