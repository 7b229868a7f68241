namespace Hearsay.Protocols.Broadcast.Tree;

/// <summary>
/// Whether messages wait for a link that takes little. If it takes nothing they do not. If it takes less than the
/// others they go on without it for a moment: when that doubles what passes, it is left behind for a while, and the
/// repair brings it what it can take; if not, all are slow, and nothing is gained.
/// </summary>
internal sealed class LinkPace
{
    /// <summary>A link of which nothing is heard for so long while it is waited for is left behind.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    /// <summary>A link that takes fewer messages a second is left behind whatever the others take.</summary>
    private const int LeastPerSecond = 100;

    /// <summary>How long a link and, without it, the others are measured.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a link stays behind; and until it is measured again where that gained nothing.</summary>
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(16);

    private Instant _from = Instant.Never;
    private uint _confirmedThen;
    private TimeSpan _fullThen;
    private long _passedThen;

    /// <summary>What passed a second while the link was waited for.</summary>
    private double _passedWith;

    private TimeSpan _rest = FirstRest;

    /// <summary>When it was left behind last, or not measured because that gains nothing.</summary>
    private Instant _restUntil = Instant.Zero;

    /// <summary>Whether messages go on without waiting for it, to see what that gains.</summary>
    public bool IsTested { get; private set; }

    /// <summary>Whether it is left behind.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Looks at a link whose window is full, or was lately, several times a second.</summary>
    /// <param name="credit">What it takes.</param>
    /// <param name="now">The moment.</param>
    /// <param name="passed">How many messages have passed this node so far.</param>
    /// <param name="mayTest">Whether most of the others take more, and none is tested.</param>
    public void Look(LinkCredit credit, Instant now, long passed, bool mayTest)
    {
        if (IsBehind)
        {
            // It comes back when it has taken something since, or has nothing to take.
            IsBehind = now < _restUntil || !credit.IsOpen;
            _from = Instant.Never;
            return;
        }

        if (credit.FullSince != Instant.Never && now - credit.FullSince >= LongestSilence)
        {
            Leave(now);
        }
        else if (_from == Instant.Never || now - _from > 2 * Period)
        {
            IsTested = false;
            Begin(credit, now, passed);
        }
        else if (now - _from >= Period)
        {
            Judge(credit, now, passed, mayTest);
        }
    }

    /// <summary>The link is new.</summary>
    public void Reset() => (IsTested, IsBehind, _from, _restUntil, _rest) =
        (false, false, Instant.Never, Instant.Zero, FirstRest);

    private void Judge(LinkCredit credit, Instant now, long passed, bool mayTest)
    {
        var seconds = (now - _from).TotalSeconds;
        var wasFull = Full(credit, now) - _fullThen > (now - _from) / 2;
        var (takes, passes) = ((int)(credit.Confirmed - _confirmedThen) / seconds, (passed - _passedThen) / seconds);
        Begin(credit, now, passed);
        if (IsTested)
        {
            IsTested = false;
            if (passes >= 2 * _passedWith)
            {
                Leave(now);
            }
            else
            {
                Rest(now);
            }
        }
        else if (wasFull && takes < LeastPerSecond)
        {
            Leave(now);
        }
        else if (wasFull && mayTest && now >= _restUntil)
        {
            (IsTested, _passedWith) = (true, passes);
        }
    }

    private void Leave(Instant now)
    {
        (IsTested, IsBehind) = (false, true);
        Rest(now);
    }

    private void Rest(Instant now)
    {
        var isAgain = now - _restUntil < LongestRest;
        _rest = !isAgain ? FirstRest : 2 * _rest < LongestRest ? 2 * _rest : LongestRest;
        _restUntil = now + _rest;
    }

    private void Begin(LinkCredit credit, Instant now, long passed) =>
        (_from, _confirmedThen, _fullThen, _passedThen) = (now, credit.Confirmed, Full(credit, now), passed);

    private static TimeSpan Full(LinkCredit credit, Instant now) =>
        credit.FullTime + (credit.FullSince < now ? now - credit.FullSince : TimeSpan.Zero);
}
