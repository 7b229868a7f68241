namespace Hearsay.Protocols.Broadcast.Tree;

/// <summary>
/// How many messages may be under way to one neighbour. It says now and then how many came; the window grows while that
/// is nearly all and comes promptly, and halves when much was lost.
/// </summary>
/// <remarks>
/// Additive increase, multiplicative decrease (Chiu and Jain 1989), as Rodrigues, Handurukande, Pereira, Guerraoui and
/// Kermarrec, Adaptive gossip-based broadcast, DSN 2003, do for the rate of a publisher: what a node may send follows
/// from what others tell it they take. Counts are modulo 2^32.
/// </remarks>
internal sealed class LinkCredit
{
    /// <summary>
    /// What a neighbour that was told nothing yet is sent: small enough for the buffer that a kernel gives a socket.
    /// </summary>
    public const int FirstWindow = 64;

    public const int LeastWindow = 16;

    /// <summary>At a round trip of 40 ms 100,000 messages a second.</summary>
    public const int MostWindow = 4096;

    /// <summary>What a full window gains beyond the one that was too large.</summary>
    private const int Increase = 16;

    /// <summary>A window of which less than this share is lost stays: links that always lose some are no full ones.
    /// </summary>
    private const double ToleratedLoss = 1 / 8.0;

    /// <summary>
    /// So many standard deviations more may be chance: of 32 packets a link that loses a tenth of all loses five or
    /// more in one window of five.
    /// </summary>
    private const double Chance = 2;

    /// <summary>A confirmation that takes this much longer than the quickest waited in a queue: no more is sent.
    /// </summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// And one that takes this much longer in a long one: less is sent, since what waits so long is asked for again.
    /// </summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LeastRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MostRetry = TimeSpan.FromSeconds(1);

    private uint _sent;

    /// <summary>What had been sent when the neighbour was asked last, and when that was.</summary>
    private uint _asked;

    private Instant _askedAt;
    private int _retries;

    private uint _confirmed;

    /// <summary>What had come at the last confirmation, and how many it lacked at the first one.</summary>
    private uint _arrived;

    private uint _base;
    private bool _hasBase;

    /// <summary>Lost so far, and of them in the window that is being judged, which began here.</summary>
    private int _lost;

    private int _lostInWindow;
    private uint _windowFrom;

    /// <summary>About the least time a confirmation takes.</summary>
    private TimeSpan _quickest = TimeSpan.MaxValue;

    /// <summary>Below this the window doubles, above it grows by <see cref="Increase"/>.</summary>
    private int _threshold = MostWindow;

    /// <summary>The window was used up since the last confirmation.</summary>
    private bool _wasFull;

    /// <summary>How many messages may be under way.</summary>
    public int Window { get; private set; } = FirstWindow;

    /// <summary>Messages sent, modulo 2^32: what the neighbour is asked to confirm.</summary>
    public uint Sent => _sent;

    /// <summary>Messages sent and not confirmed.</summary>
    public int UnderWay => (int)(_sent - _confirmed);

    /// <summary>Whether one more may be sent.</summary>
    public bool IsOpen => UnderWay < Window;

    /// <summary>
    /// Whether one more may be sent that was asked for: those go before new ones, since who lacks them waits for them.
    /// </summary>
    public bool IsOpenForAnswers => UnderWay < Window + (Window / 2);

    /// <summary>Since when the window has been full and nothing was confirmed; never if it is not full.</summary>
    public Instant FullSince { get; private set; } = Instant.Never;

    /// <summary>When something was sent last.</summary>
    public Instant SentAt { get; private set; } = Instant.Zero;

    /// <summary>When something was confirmed last.</summary>
    public Instant ConfirmedAt { get; private set; } = Instant.Zero;

    /// <summary>For how long the window has been full in all, up to the last confirmation.</summary>
    public TimeSpan FullTime { get; private set; }

    /// <summary>Messages confirmed so far, modulo 2^32.</summary>
    public uint Confirmed => _confirmed;

    /// <summary>
    /// Whether the neighbour should be asked what came: never while little is under way, and then up to eight times in
    /// a window.
    /// </summary>
    public bool WantsConfirmation => UnderWay >= Window / 2 && (int)(_sent - _asked) >= Math.Max(8, Window / 8);

    /// <summary>A message goes to the neighbour.</summary>
    public void OnSent(Instant now)
    {
        _sent++;
        SentAt = now;
        if (!IsOpen && FullSince == Instant.Never)
        {
            FullSince = now;
            _wasFull = true;
        }
    }

    /// <summary>The neighbour is asked what came.</summary>
    public void OnAsked(Instant now)
    {
        _retries = _asked == _sent ? _retries + 1 : 0;
        (_asked, _askedAt) = (_sent, now);
    }

    /// <summary>When to ask again, if nothing is heard; never while little is under way.</summary>
    public Instant RetryAt(TimeSpan roundTrip)
    {
        if (UnderWay < Window / 2)
        {
            return Instant.Never;
        }

        var wait = Math.Max(4 * roundTrip.Ticks, LeastRetry.Ticks) << Math.Min(_retries, 5);
        return _askedAt + TimeSpan.FromTicks(Math.Min(wait, MostRetry.Ticks));
    }

    /// <summary>The neighbour says what came.</summary>
    /// <param name="upTo">The count of sent ones that it was asked with.</param>
    /// <param name="arrived">How many had come then.</param>
    /// <param name="now">The moment.</param>
    /// <param name="delay">How long ago it was asked.</param>
    /// <param name="pilesUp">Whether they pile up there.</param>
    /// <returns>How many more are lost.</returns>
    public int Confirm(uint upTo, uint arrived, Instant now, TimeSpan delay, bool pilesUp)
    {
        var newly = (int)(upTo - _confirmed);
        if (newly <= 0 || newly > UnderWay)
        {
            return 0; // Old, or never asked.
        }

        var lost = NoteArrived(upTo, arrived);
        FullTime += FullSince < now ? now - FullSince : TimeSpan.Zero;
        (_confirmed, ConfirmedAt) = (upTo, now);
        _quickest = delay < _quickest ? delay : _quickest + ((delay - _quickest) / 256);
        Judge(newly, lost, delay - _quickest, pilesUp);
        FullSince = IsOpen ? Instant.Never : now;
        _wasFull = !IsOpen;
        return lost;
    }

    /// <summary>The link is new.</summary>
    public void Reset()
    {
        (_sent, _asked, _confirmed, _windowFrom, _arrived) = (0, 0, 0, 0, 0);
        (_hasBase, _wasFull, _lost, _lostInWindow, _retries) = (false, false, 0, 0, 0);
        (Window, _threshold, _quickest) = (FirstWindow, MostWindow, TimeSpan.MaxValue);
        (FullSince, SentAt, ConfirmedAt) = (Instant.Never, Instant.Zero, Instant.Zero);
        FullTime = TimeSpan.Zero;
    }

    private int NoteArrived(uint upTo, uint arrived)
    {
        if (!_hasBase || (int)(arrived - _arrived) < 0)
        {
            // The two ends do not begin to count at the same moment.
            (_hasBase, _base, _arrived, _lost) = (true, upTo - arrived, arrived, 0);
            return 0;
        }

        // What was sent between the last two questions may have been overtaken by the second.
        _arrived = arrived;
        var missing = (int)(_confirmed - arrived - _base);
        var more = Math.Clamp(missing - _lost, 0, UnderWay);
        _lost += more;
        return more;
    }

    private void Judge(int newly, int lost, TimeSpan queued, bool pilesUp)
    {
        var judged = (int)(_confirmed - _windowFrom);
        if (judged <= 0)
        {
            return; // Sent before the window became smaller.
        }

        _lostInWindow += lost;
        if (pilesUp || _lostInWindow > MostTolerated(Math.Max(judged, Window / 2)))
        {
            Shrink(Window / 2);
        }
        else if (queued > Late)
        {
            Shrink(Window * 3 / 4);
        }
        else if (_wasFull && queued <= Prompt)
        {
            var gain = Window < _threshold ? newly : Math.Max(1, Increase * newly / Window);
            Window = Math.Min(MostWindow, Window + gain);
        }

        if (judged >= Window)
        {
            (_windowFrom, _lostInWindow) = (_confirmed, 0);
        }
    }

    private static double MostTolerated(int messages) =>
        (ToleratedLoss * messages) + (Chance * Math.Sqrt(ToleratedLoss * messages));

    private void Shrink(int window)
    {
        Window = Math.Max(LeastWindow, window);
        (_threshold, _windowFrom, _lostInWindow) = (Window, _sent, 0);
    }
}
