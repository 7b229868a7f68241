namespace Hearsay.Protocols.Aggregation.Epochs;

/// <summary>
/// Which epoch a node is in, when it ends, and whether to follow others to a later one. The first node whose epoch ends
/// begins the next, and takes everybody along: epochs need no common clock.
/// </summary>
/// <remarks>
/// Three rules keep a liar from driving a cluster from epoch to epoch so that none is ever completed. A jump is
/// bounded. A jump out of an epoch that is not done yet is granted once in <see cref="EarlyPause"/> epochs: clusters
/// that meet agree soon, a stream of such claims is refused. And who says something unasked is followed to the next
/// epoch only, and only when this one is done: everything else takes a partner of the node's own choice. Within an
/// epoch nodes follow the one that is furthest, by little: else those with slow clocks would be called away before they
/// are done. A number near the end of its range is never taken from others: a cluster led there could not go on.
/// </remarks>
internal sealed class EpochClock(AggregationOptions options)
{
    /// <summary>The end of the range of epoch numbers.</summary>
    public const long LastEpoch = 1L << 62;

    /// <summary>
    /// No later epoch is taken from others, whoever says it: no honest number comes near it in 300,000 years of the
    /// shortest epochs, and so there is always room to count on.
    /// </summary>
    public const long LastAdopted = 1L << 48;

    /// <summary>How many epochs must lie between two jumps that come before their time.</summary>
    private const int EarlyPause = 4;

    /// <summary>The share of an epoch by which others may move its end: more than clocks differ.</summary>
    private const int AlignShare = 16;

    private Instant _entered;
    private Instant _earlyAgain;

    /// <summary>By how much others may still move the end of this epoch.</summary>
    private TimeSpan _alignLeft;

    /// <summary>How far the node is.</summary>
    public EpochPhase Phase { get; private set; }

    /// <summary>The epoch, from 1; 0 while joining for the first time.</summary>
    public long Epoch { get; private set; }

    /// <summary>When it ends here.</summary>
    public Instant Ends { get; private set; } = Instant.Never;

    /// <summary>How long an epoch lasts.</summary>
    public TimeSpan Length { get; } = options.EpochTime;

    /// <summary>Whether exchanges may still be begun in it.</summary>
    public bool IsOpen(Instant now) =>
        Phase == EpochPhase.Running && !IsDone(now);

    /// <summary>
    /// Whether exchanges of what began late may still be begun in it: who waits for the next epoch takes part in those.
    /// </summary>
    public bool IsOpenToLate(Instant now) => Phase != EpochPhase.Joining && !IsDone(now);

    /// <summary>Whether it has only begun: who comes now takes part from the beginning.</summary>
    public bool IsYoung(Instant now) => Phase == EpochPhase.Running && Elapsed(now) <= Grace;

    /// <summary>
    /// Whether values may still be given to what others have from the beginning: later not everybody would get to know
    /// them in time.
    /// </summary>
    public bool IsOpenToValues(Instant now) => Phase == EpochPhase.Running && Elapsed(now) <= Length / 4;

    /// <summary>
    /// Whether a node may still take part in what others have from the beginning, without a value of its own: what is
    /// left of the epoch is enough for it to come to agree with the others.
    /// </summary>
    public bool IsOpenToRelays(Instant now) => Phase == EpochPhase.Running && Elapsed(now) <= Length / 2;

    /// <summary>How long it has lasted.</summary>
    public TimeSpan Elapsed(Instant now)
    {
        var elapsed = now - (Ends + -Length);
        return elapsed < TimeSpan.Zero ? TimeSpan.Zero : elapsed > Length ? Length : elapsed;
    }

    /// <summary>How many cycles of it have passed.</summary>
    public int Cycle(Instant now) => (int)(Elapsed(now).Ticks / options.CycleTime.Ticks);

    /// <summary>Whether the node slept through a whole epoch and cannot know where the others are.</summary>
    public bool IsLost(Instant now) => Phase != EpochPhase.Joining && now - Ends > Length;

    /// <summary>Judges an epoch that another node says it is in.</summary>
    /// <param name="epoch">What it says.</param>
    /// <param name="isAsked">Whether it was asked, as a partner of this node's own choice.</param>
    /// <param name="now">The moment.</param>
    public EpochVerdict Judge(long epoch, bool isAsked, Instant now)
    {
        if (epoch <= Epoch)
        {
            return epoch == Epoch ? EpochVerdict.Same : EpochVerdict.Stale;
        }

        if (IsFar(epoch))
        {
            return EpochVerdict.Far;
        }

        var isEarly = IsEarly(now);
        return isAsked ? (isEarly && now < _earlyAgain ? EpochVerdict.Early : EpochVerdict.Ahead)
            : isEarly || epoch > Epoch + 1 ? EpochVerdict.Early
            : EpochVerdict.Ahead;
    }

    /// <summary>Whether an epoch is out of reach, ahead or behind.</summary>
    public bool IsFar(long epoch)
    {
        return epoch > LastAdopted || Math.Abs(epoch - Epoch) > options.MaximumEpochJump;
    }

    /// <summary>Follows others to a later epoch; takes part in it if it has only begun.</summary>
    /// <param name="epoch">Judged as <see cref="EpochVerdict.Ahead"/>.</param>
    /// <param name="elapsed">How long it has lasted, as the other node says.</param>
    /// <param name="now">The moment.</param>
    public void Jump(long epoch, TimeSpan elapsed, Instant now)
    {
        if (IsEarly(now))
        {
            _earlyAgain = now + (EarlyPause * Length);
        }

        EnterInTime(epoch, elapsed, now);
    }

    /// <summary>Another node of the same epoch is further in it: this node's epoch ends a little earlier.</summary>
    public void Align(TimeSpan elapsed, Instant now)
    {
        var ahead = elapsed - Elapsed(now);
        if (ahead > TimeSpan.Zero)
        {
            ahead = ahead < _alignLeft ? ahead : _alignLeft;
            _alignLeft -= ahead;
            Ends += -ahead;
        }
    }

    /// <summary>A joiner learned the epoch: takes part in it if it has only begun, else waits for the next.</summary>
    public void Join(long epoch, TimeSpan elapsed, Instant now)
    {
        EnterInTime(epoch, elapsed, now);
    }

    /// <summary>
    /// Nobody knows of an epoch: one begins here, the first or that after the last this node knew, as those it lost may
    /// be near it.
    /// </summary>
    public void Begin(Instant now) =>
        Enter(Epoch < LastAdopted ? Epoch + 1 : 1, TimeSpan.Zero, EpochPhase.Running, now);

    /// <summary>The epoch is over here: the next begins when it ended, not when that was noticed.</summary>
    public void Next(Instant now) => Enter(Epoch + 1, now - Ends, EpochPhase.Running, now);

    /// <summary>The node does not know the epoch any more.</summary>
    public void Rejoin() => (Phase, Ends) = (EpochPhase.Joining, Instant.Never);

    private TimeSpan Grace => Math.Max(1, options.CyclesPerEpoch / 8) * options.CycleTime;

    /// <summary>
    /// Early is before the epoch's exchanges are done, and soon after the last change of epoch, however late that was
    /// in the epoch: else one claim could be followed by the next at once.
    /// </summary>
    private bool IsEarly(Instant now) => !IsDone(now) || now - _entered < Length / 2;

    private bool IsDone(Instant now) => now >= Ends + (-options.SettleCycles * options.CycleTime);

    private void EnterInTime(long epoch, TimeSpan elapsed, Instant now) =>
        Enter(epoch, elapsed, elapsed <= Grace ? EpochPhase.Running : EpochPhase.Waiting, now);

    private void Enter(long epoch, TimeSpan elapsed, EpochPhase phase, Instant now)
    {
        elapsed = elapsed < TimeSpan.Zero ? TimeSpan.Zero : elapsed > Length ? Length : elapsed;
        (Epoch, Phase, Ends, _entered) = (epoch, phase, now + (Length - elapsed), now);
        _alignLeft = Length / AlignShare;
    }
}
