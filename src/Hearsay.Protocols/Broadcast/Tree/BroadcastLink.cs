using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast.Tree;

/// <summary>What waits to be sent to one neighbour, and what may still be taken from it.</summary>
internal sealed class BroadcastLink
{
    /// <summary>The most changes of the tree asked of one neighbour within a burst.</summary>
    private const int PruneBurst = 256;

    /// <summary>And how many more a second.</summary>
    private const int PrunesPerSecond = 50;

    /// <summary>The most chunks that go unasked to one neighbour within a burst: two large messages.</summary>
    private const int FeedBurst = 2 * TransferBody.Window;

    /// <summary>And how many more a second, 8 MiB of them.</summary>
    private const int FedPerSecond = 256;

    /// <summary>
    /// The most messages and chunks a second sent to one neighbour because it asked, with a burst of as many: a
    /// request takes a few bytes, and an answer some kilobytes.
    /// </summary>
    private const int AnswersPerSecond = 10_000;

    /// <summary>The most bytes of them within a burst: two of the longest messages.</summary>
    private const int AnswerBurstBytes = 32 << 20;

    /// <summary>And how many more a second, half a gigabit.</summary>
    private const int AnswerBytesPerSecond = 64 << 20;

    /// <summary>The most digests answered within a burst.</summary>
    private const int DigestBurst = 64;

    /// <summary>And how many more a second.</summary>
    private const int DigestsPerSecond = 50;

    /// <summary>The most numbers of orphans of one neighbour that are passed on within a burst.</summary>
    private const int OrphanBurst = 1024;

    /// <summary>And how many more a second.</summary>
    private const int OrphansPerSecond = 100;

    /// <summary>So often a new neighbour is told of sources of which nothing is held.</summary>
    private const int MostSilentPasses = 3;

    private Instant _answersFreeAt = Instant.Zero;
    private Instant _answerBytesFreeAt = Instant.Zero;
    private Instant _digestsFreeAt = Instant.Zero;
    private Instant _messagesFreeAt = Instant.Zero;
    private Instant _feedsFreeAt = Instant.Zero;
    private Instant _prunesFreeAt = Instant.Zero;
    private Instant _orphansFreeAt = Instant.Zero;

    /// <summary>How many messages the neighbour takes.</summary>
    public LinkCredit Credit { get; } = new();

    /// <summary>Whether it is waited for.</summary>
    public LinkPace Pace { get; } = new();

    /// <summary>What it sent, and what it is to be told of that.</summary>
    public LinkIntake Intake { get; } = new();

    /// <summary>How many messages may be asked of it.</summary>
    public PullWindow Pulls { get; } = new();

    /// <summary>Messages that wait until the neighbour takes more.</summary>
    public Queue<(long Place, byte Flags)> Backlog { get; } = new(0);

    /// <summary>The neighbours for which messages of this one wait here, by slot.</summary>
    public uint Feeds { get; set; }

    /// <summary>Names that are here, which wait a little for others.</summary>
    public NameBatch Announcements { get; } = new(BroadcastFrame.HaveBytes);

    /// <summary>Names to be asked for, which wait for the end of the input being handled.</summary>
    public NameBatch Wants { get; } = new(BroadcastId.SizeBytes);

    /// <summary>How many sources the digests before the next one covered, where there are too many for one.</summary>
    public int DigestFrom { get; set; }

    /// <summary>The same, for sources of which nothing is held.</summary>
    public int SilentFrom { get; set; }

    /// <summary>When they are told next.</summary>
    public Instant SilentAt { get; set; } = Instant.Zero;

    /// <summary>How often those are still to be told.</summary>
    public int SilentPasses { get; set; } = MostSilentPasses;

    /// <summary>Offers of several sources that came so far.</summary>
    public uint Offers { get; set; }

    /// <summary>Whether one more message may be taken now.</summary>
    public bool MayTake(Instant now, int perSecond) => Take(ref _messagesFreeAt, now, perSecond, perSecond);

    /// <summary>From when on a whole window of messages, or half of what may come in a second, may be taken.</summary>
    public Instant RoomAt(int perSecond)
    {
        var spare = perSecond - Math.Min(perSecond / 2, LinkCredit.MostWindow);
        return _messagesFreeAt + TimeSpan.FromTicks(-spare * TimeSpan.TicksPerSecond / perSecond);
    }

    /// <summary>Whether one more prune may be sent now: a neighbour that floods makes us send few frames.</summary>
    public bool MayPrune(Instant now) => Take(ref _prunesFreeAt, now, PruneBurst, PrunesPerSecond);

    /// <summary>Whether one more number of an orphan may be passed on: each goes to up to all neighbours.</summary>
    public bool MayPassOn(Instant now) => Take(ref _orphansFreeAt, now, OrphanBurst, OrphansPerSecond);

    /// <summary>Whether some more chunks may go to the neighbour unasked; beyond that it asks for them.</summary>
    public bool MayFeed(Instant now, int chunks) => Take(ref _feedsFreeAt, now, FeedBurst, FedPerSecond, chunks);

    /// <summary>Whether one more message or chunk that the neighbour asks for may be sent now.</summary>
    public bool MayAnswer(Instant now, int bytes) =>
        Take(ref _answerBytesFreeAt, now, AnswerBurstBytes, AnswerBytesPerSecond, bytes)
        && Take(ref _answersFreeAt, now, AnswersPerSecond, AnswersPerSecond);

    /// <summary>Whether one more digest may be answered now.</summary>
    public bool MayCompare(Instant now) => Take(ref _digestsFreeAt, now, DigestBurst, DigestsPerSecond);

    public void Reset()
    {
        Announcements.Clear();
        Wants.Clear();
        Backlog.Clear();
        Credit.Reset();
        Pace.Reset();
        Intake.Reset();
        Pulls.Reset();
        Feeds = 0;
        (DigestFrom, Offers) = (0, 0);
        (SilentFrom, SilentPasses, SilentAt) = (0, MostSilentPasses, Instant.Zero);
        (_answersFreeAt, _answerBytesFreeAt, _digestsFreeAt) = (Instant.Zero, Instant.Zero, Instant.Zero);
        (_messagesFreeAt, _prunesFreeAt, _feedsFreeAt) = (Instant.Zero, Instant.Zero, Instant.Zero);
        _orphansFreeAt = Instant.Zero;
    }

    /// <summary>A bucket that holds a burst and fills at a rate, kept as when it is full again.</summary>
    private static bool Take(ref Instant fullAt, Instant now, int burst, int perSecond, int count = 1)
    {
        var next = Instant.Max(fullAt, now) + TimeSpan.FromTicks((long)count * TimeSpan.TicksPerSecond / perSecond);
        if (next - now > TimeSpan.FromTicks(TimeSpan.TicksPerSecond * burst / perSecond))
        {
            return false;
        }

        fullAt = next;
        return true;
    }
}
