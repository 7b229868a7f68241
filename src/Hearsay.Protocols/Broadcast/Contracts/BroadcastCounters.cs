namespace Hearsay.Protocols;

/// <summary>
/// What one node's broadcast counted since it started. Only grows; the event loop writes, any thread may read.
/// </summary>
public sealed class BroadcastCounters
{
    /// <summary>Messages published here.</summary>
    public long Published { get; internal set; }

    /// <summary>Messages handed to the application, own ones included.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Messages sent, each to one neighbour, with their payload.</summary>
    public long PayloadsSent { get; internal set; }

    /// <summary>The bytes of their bodies.</summary>
    public long PayloadBytesSent { get; internal set; }

    /// <summary>Messages received again.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Frames sent that carry no payload: announcements, requests, changes of the tree, digests.</summary>
    public long ControlSent { get; internal set; }

    /// <summary>The bytes of their bodies.</summary>
    public long ControlBytesSent { get; internal set; }

    /// <summary>Announcements of one message to one neighbour, many to a frame.</summary>
    public long AnnouncementsSent { get; internal set; }

    /// <summary>Requests for one message.</summary>
    public long Pulls { get; internal set; }

    /// <summary>Requests answered with the message.</summary>
    public long PullsAnswered { get; internal set; }

    /// <summary>Requests for a message that is not held any more, or never was.</summary>
    public long PullsRefused { get; internal set; }

    /// <summary>
    /// Requests for messages, chunks and digests not answered because one neighbour asked too much at once.
    /// </summary>
    public long AnswersRefused { get; internal set; }

    /// <summary>Messages that were announced, asked for in vain and left to the repair.</summary>
    public long PullsGivenUp { get; internal set; }

    /// <summary>Links made eager for a source.</summary>
    public long GraftsSent { get; internal set; }

    /// <summary>Requests to make a link eager for a source not known here.</summary>
    public long GraftsRefused { get; internal set; }

    /// <summary>Links made lazy for a source.</summary>
    public long PrunesSent { get; internal set; }

    /// <summary>Messages that the repair found missing here and asked for.</summary>
    public long RepairsAsked { get; internal set; }

    /// <summary>Messages that the repair brought.</summary>
    public long Repaired { get; internal set; }

    /// <summary>Frames that could not be read.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Frames that did not come over a link of this node, whoever they name as their sender.</summary>
    public long Strangers { get; internal set; }

    /// <summary>
    /// Frames over links that had just closed and were not used; messages and chunks are.
    /// </summary>
    public long AfterClose { get; internal set; }

    /// <summary>Messages older than <see cref="BroadcastOptions.Retention"/>.</summary>
    public long TooOld { get; internal set; }

    /// <summary>Messages whose sequence was seen already though their name was forgotten: replays.</summary>
    public long Replayed { get; internal set; }

    /// <summary>Messages in this node's name that it never published.</summary>
    public long Forged { get; internal set; }

    /// <summary>Messages above <see cref="BroadcastOptions.MessagesPerSecond"/> of one link.</summary>
    public long RateLimited { get; internal set; }

    /// <summary>
    /// Messages of <see cref="BroadcastMode.Fanout"/> that were sent on to nobody because too many waited to be, or not
    /// even used because too many waited until the addresses that they came from had proven themselves.
    /// </summary>
    public long NotSentOn { get; internal set; }

    /// <summary>
    /// Messages published here without any neighbour that found too many waiting for the first one: the repair brings
    /// them to it.
    /// </summary>
    public long LeftToRepair { get; internal set; }

    /// <summary>Messages published here that were too old before there was any neighbour.</summary>
    public long NeverSent { get; internal set; }

    /// <summary>Announcements refused because too many messages are missing already.</summary>
    public long MissingRefused { get; internal set; }

    /// <summary>Names forgotten before their time because there were too many.</summary>
    public long NamesForgotten { get; internal set; }

    /// <summary>Payloads dropped before their time because there were too many bytes.</summary>
    public long PayloadsForgotten { get; internal set; }

    /// <summary>Sources forgotten because there were too many.</summary>
    public long SourcesForgotten { get; internal set; }

    /// <summary>Gaps in a source's sequence given up because there were too many.</summary>
    public long GapsForgotten { get; internal set; }

    /// <summary>Chunks of large messages sent.</summary>
    public long ChunksSent { get; internal set; }

    /// <summary>Their bytes.</summary>
    public long ChunkBytesSent { get; internal set; }

    /// <summary>Chunks that a link did not take at once, because its queue was full, and that were kept for it.
    /// </summary>
    public long ChunksDelayed { get; internal set; }

    /// <summary>Chunks that were not asked for, came twice, or are not what was announced.</summary>
    public long ChunksRefused { get; internal set; }

    /// <summary>Chunks that came before the manifest of their message.</summary>
    public long ChunksEarly { get; internal set; }

    /// <summary>Large messages that a neighbour was left to ask for, because it was sent much unasked lately.</summary>
    public long FeedsRefused { get; internal set; }

    /// <summary>
    /// Chunks for which there was no room, because what is being received and older gets on; they are asked for again.
    /// </summary>
    public long ChunksWithoutRoom { get; internal set; }

    /// <summary>
    /// Large messages refused because as many as may be are being received and get on, or because they are too large
    /// for this node.
    /// </summary>
    public long LargeRefused { get; internal set; }

    /// <summary>Tracked messages whose reach was forgotten before their time because there were too many.</summary>
    public long ReachForgotten { get; internal set; }

    /// <summary>
    /// Nodes behind which a tracked message came and that lost who they had it from, not counted because of a message
    /// there were 64 of them already.
    /// </summary>
    public long OrphansRefused { get; internal set; }

    /// <summary>
    /// Large messages of which chunks were still missing when their time was over, or when another needed their room
    /// or place and they did not get on or were younger.
    /// </summary>
    public long LargeExpired { get; internal set; }

    /// <summary>Large messages that were refused or had expired and are asked for again, each time.</summary>
    public long LargeRetried { get; internal set; }

    /// <summary>
    /// Large messages that are lost here: too large for this node, or without place, room or chunks for as long as
    /// their manifest is held, or until many others waited as well.
    /// </summary>
    public long LargeLost { get; internal set; }

    /// <summary>Messages published here that had to wait until the links took more.</summary>
    public long PublishesDelayed { get; internal set; }

    /// <summary>
    /// Messages of this node's application that were refused because too many waited for the links already: it was told
    /// (<see cref="PublishOutcome.Congested"/>).
    /// </summary>
    public long PublishesRefused { get; internal set; }

    /// <summary>Messages that waited until a neighbour said that it takes more, each for one neighbour.</summary>
    public long PushesDelayed { get; internal set; }

    /// <summary>
    /// Messages not pushed to a neighbour because too many waited for it: it was told of them instead.
    /// </summary>
    public long PushesSkipped { get; internal set; }

    /// <summary>Messages sent to neighbours that, as those say, did not come.</summary>
    public long LinkLosses { get; internal set; }

    /// <summary>
    /// How often a neighbour that took nothing, or far less than others, was not waited for any more.
    /// </summary>
    public long LinksLeftBehind { get; internal set; }

    /// <summary>
    /// Messages of others that never came and that nobody here holds any more: <see cref="IBroadcastSink.Lost"/> told
    /// of them.
    /// </summary>
    public long MessagesLost { get; internal set; }
}
