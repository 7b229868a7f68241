using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Repair;

/// <summary>
/// Which neighbour is compared with next, and which one is asked for what it has. One is asked at a time, since the
/// others offer the same, and each gets its turn.
/// </summary>
/// <param name="options">The options of broadcast.</param>
/// <param name="counters">What it counts.</param>
/// <param name="host">The node.</param>
internal sealed class RepairTurns(BroadcastOptions options, BroadcastCounters counters, IBroadcastHost host)
{
    /// <summary>How many times as often a neighbour is asked that has more than fits one answer.</summary>
    private const int RepairsOfMany = 8;

    /// <summary>After so many requests in a row of which nothing came, nobody is compared with sooner.</summary>
    private const int InVain = 4;

    /// <summary>The least time that what was asked for is waited for, before another is asked.</summary>
    private static readonly TimeSpan LeastBringing = TimeSpan.FromMilliseconds(20);

    /// <summary>The most, after which a neighbour that is owed a turn loses it.</summary>
    private readonly TimeSpan _longestBringing = options.RepairInterval / RepairsOfMany;

    /// <summary>Neighbours to compare with as soon as nothing is on its way.</summary>
    private uint _greet;

    /// <summary>
    /// Until then what a neighbour was asked for may be on its way: to ask another too would bring it twice.
    /// </summary>
    private Instant _broughtAt = Instant.Zero;

    /// <summary>Who was asked in this turn, by slot.</summary>
    private uint _asked;

    /// <summary>Who offered something while another was asked and was not asked in this turn itself.</summary>
    private uint _owed;

    /// <summary>Who has more than one answer carries, by slot, and when to compare again.</summary>
    private uint _more;

    private Instant _moreAt = Instant.Never;

    /// <summary>How many requests in a row nothing came of, and what had come before the last one.</summary>
    private int _inVain;

    private long _repairedThen;

    /// <summary>How many messages of those asked for last have not come.</summary>
    private int _bringing;

    /// <summary>How long one of them may take after the other, and until when at most.</summary>
    private TimeSpan _bringingTime;

    private Instant _bringingEnd;

    /// <summary>Whether no neighbour is known to have more.</summary>
    public bool IsQuiet => _greet == 0 && _owed == 0 && _more == 0;

    /// <summary>When to call <see cref="TryNext"/>.</summary>
    public Instant NextDue => _greet != 0 ? Instant.Min(_moreAt, Instant.Max(Now, _broughtAt)) : _moreAt;

    private Instant Now => host.Now;

    /// <summary>A neighbour came up: it is compared with as soon as nothing is on its way.</summary>
    public void Greet(int slot) => _greet |= options.Repair ? 1u << slot : 0;

    /// <summary>Takes a neighbour that is to be compared with now.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryNext(out int slot)
    {
        if (Now >= _moreAt)
        {
            _greet |= _more;
            (_more, _moreAt) = (0, Instant.Never);
        }

        slot = BitOperations.TrailingZeroCount(_greet);
        if (_greet == 0 || Now < _broughtAt)
        {
            return false;
        }

        _greet &= _greet - 1;
        return true;
    }

    /// <summary>
    /// One neighbour is asked at a time, and none twice while others wait for their turn: so nobody keeps them out,
    /// however much and often it offers.
    /// </summary>
    public bool MayAsk(int slot) =>
        Now >= _broughtAt
        && ((_asked & (1u << slot)) == 0 || (_owed & ~(1u << slot)) == 0 || Now >= _broughtAt + _longestBringing);

    /// <summary>A neighbour has offered what it has.</summary>
    /// <param name="slot">The neighbour.</param>
    /// <param name="asked">How many messages of it are not here.</param>
    /// <param name="isAsked">Whether it was asked for them.</param>
    /// <param name="roundTrip">How long it takes to answer.</param>
    public void NoteAsked(int slot, int asked, bool isAsked, TimeSpan roundTrip)
    {
        var bit = 1u << slot;
        if (asked == 0)
        {
            _owed &= ~bit;
        }
        else if (isAsked)
        {
            // Who is owed a turn and does not take it has lost it.
            _owed = (_asked & bit) != 0 ? 0 : _owed & ~bit;
            _asked = _owed == 0 ? bit : _asked | bit;
            counters.RepairsAsked += asked;
            _bringing = asked;
            (_inVain, _repairedThen) = (counters.Repaired == _repairedThen ? _inVain + 1 : 0, counters.Repaired);
            var brought = Math.Max(3 * roundTrip.Ticks, LeastBringing.Ticks);
            _bringingTime = TimeSpan.FromTicks(Math.Min(brought, _longestBringing.Ticks));
            (_broughtAt, _bringingEnd) = (Now + _bringingTime, Now + _longestBringing);
        }
        else
        {
            _owed |= bit & ~_asked;
            _greet |= Now < _broughtAt ? bit : 0;
        }
    }

    /// <summary>A neighbour has more than one answer carries: it is compared with again soon.</summary>
    public void NoteMore(int slot)
    {
        if (_inVain < InVain)
        {
            _more |= 1u << slot;
            _moreAt = Instant.Min(_moreAt, Now + _longestBringing);
        }
    }

    /// <summary>
    /// While what was asked for comes more of it will; when all has come, who has more is asked for it at once.
    /// </summary>
    public void NoteBrought()
    {
        counters.Repaired++;
        if (_bringing > 1)
        {
            _broughtAt = Instant.Max(_broughtAt, Instant.Min(Now + _bringingTime, _bringingEnd));
        }
        else if (_bringing == 1)
        {
            _broughtAt = Now;
            _moreAt = _more != 0 ? Now : _moreAt;
        }

        _bringing = Math.Max(0, _bringing - 1);
    }

    /// <summary>A link is gone.</summary>
    public void ForgetLink(int slot)
    {
        var others = ~(1u << slot);
        _greet &= others;
        _asked &= others;
        _owed &= others;
        _more &= others;
    }
}
