namespace Hearsay.Protocols;

/// <summary>
/// For how long the others wait for a link that takes little. One that takes nothing, or much less than most of the
/// others do, is left behind: messages go on without it, and the repair brings it what it can take.
/// </summary>
internal sealed class LinkPatience
{
    /// <summary>A link that takes fewer messages a second is left behind where most of the others take more.</summary>
    public const int LeastPace = 10_000;

    /// <summary>And one that takes fewer than these in any case.</summary>
    public const int LeastPaceAlone = 100;

    /// <summary>A link of which nothing is heard for so long while it is waited for is left behind.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a link stays behind at least; twice as long where it has only just come back.</summary>
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(16);

    private Instant _periodFrom = Instant.Never;
    private uint _confirmedThen;
    private TimeSpan _fullThen;
    private Instant _leftAt;
    private TimeSpan _rest;

    /// <summary>Whether messages go on without it.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>When it is waited for again, if it takes something then.</summary>
    public Instant BackAt { get; private set; } = Instant.Zero;

    /// <summary>Whether the link should be left behind; asked several times a second while its window is full.</summary>
    /// <param name="credit">What it takes.</param>
    /// <param name="now">The moment.</param>
    /// <param name="mostTakeMore">Whether most of the others have room.</param>
    public bool IsExhausted(LinkCredit credit, Instant now, bool mostTakeMore)
    {
        if (credit.FullSince != Instant.Never && now - credit.FullSince >= LongestSilence)
        {
            return true;
        }

        if (_periodFrom == Instant.Never || now - _periodFrom > 2 * Period)
        {
            Begin(credit, now);
        }

        var period = now - _periodFrom;
        if (period < Period)
        {
            return false;
        }

        var waited = Full(credit, now) - _fullThen;
        var pace = (int)(credit.Confirmed - _confirmedThen) / period.TotalSeconds;
        Begin(credit, now);
        return waited > period / 2 && pace < (mostTakeMore ? LeastPace : LeastPaceAlone);
    }

    /// <summary>The link is left behind.</summary>
    public void Leave(Instant now)
    {
        var isAgain = _rest > TimeSpan.Zero && now - BackAt < LongestRest;
        _rest = !isAgain ? FirstRest : 2 * _rest < LongestRest ? 2 * _rest : LongestRest;
        (IsBehind, _leftAt, BackAt) = (true, now, now + _rest);
    }

    /// <summary>Whether a link that is behind is waited for again from now on.</summary>
    public bool TryReturn(LinkCredit credit, Instant now)
    {
        if (now < BackAt || !credit.IsOpen || (credit.ConfirmedAt < _leftAt && credit.UnderWay > 0))
        {
            return false;
        }

        (IsBehind, BackAt, _periodFrom) = (false, now, Instant.Never);
        return true;
    }

    /// <summary>The link is new.</summary>
    public void Reset() => (IsBehind, BackAt, _periodFrom, _rest) =
        (false, Instant.Zero, Instant.Never, TimeSpan.Zero);

    private static TimeSpan Full(LinkCredit credit, Instant now) =>
        credit.FullTime + (credit.FullSince < now ? now - credit.FullSince : TimeSpan.Zero);

    private void Begin(LinkCredit credit, Instant now) =>
        (_periodFrom, _confirmedThen, _fullThen) = (now, credit.Confirmed, Full(credit, now));
}
