using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// Gaps in the sequence of a source. A message shows which messages before it are missing. The node requests them at
/// once, without waiting for the next comparison. A neighbour that waits for a message that nobody holds any more is
/// told so.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>How many times as often gaps are looked at as neighbours are compared with.</summary>
    private const int LooksPerRepair = 20;

    /// <summary>The most sources looked at, those heard last.</summary>
    private const int MaximumGapSources = 64;

    /// <summary>After so many requests in a row that brought nothing the gaps of a source are left to the repair.
    /// </summary>
    private const int MostInVain = 6;

    /// <summary>
    /// So often nothing came of what only its number is known of, and as often as there are neighbours: one is compared
    /// with each time.
    /// </summary>
    private const int LeastLooks = 3;

    private Instant _gapsAt = Instant.Never;

    /// <summary>
    /// How long a gap must be there before it is asked for; longer while messages are asked for by name, which are
    /// mostly the same.
    /// </summary>
    private TimeSpan GapTime => _options.RepairInterval / (_missing.Count > 0 ? 2 : LooksPerRepair);

    /// <summary>A message was added to its source's sequences.</summary>
    private void NoteGaps(BroadcastSource source, bool isRepair)
    {
        ref var gaps = ref source.Gaps;
        if (gaps.From == 0)
        {
            gaps.From = source.Known[0].Start;
        }

        if (isRepair)
        {
            _turns.NoteBrought();
            if (gaps.Awaited > 0 && --gaps.Awaited == 0)
            {
                gaps.OnAllCame(Now);
                _gapsAt = Now;
            }
        }

        if (source.Known.Count > 1 && _gapsAt == Instant.Never && _options.Repair && source.Key.IsRepaired)
        {
            _gapsAt = Now + GapTime;
        }
    }

    private void AskForGaps()
    {
        if (Now < _gapsAt)
        {
            return;
        }

        _gapsAt = Instant.Never;
        var source = _sources.Newest;
        for (var i = 0; i < MaximumGapSources && source is not null; i++, source = source.Older)
        {
            if (source.Key.IsRepaired && source.Known.Count > 1 && LookAtGaps(source))
            {
                _gapsAt = Instant.Min(_gapsAt, Now + GapTime);
            }
        }
    }

    /// <summary>Asks for what is missing of a source for some time.</summary>
    /// <returns>Whether to look again.</returns>
    private bool LookAtGaps(BroadcastSource source)
    {
        ref var gaps = ref source.Gaps;
        var highest = source.Known[^1].End;
        if (Now - gaps.AgedAt >= GapTime)
        {
            (gaps.AgedTo, gaps.AgingTo, gaps.AgedAt) = (gaps.AgingTo, highest, Now);
        }

        var first = source.Known.NextMissing(Math.Max(gaps.From, gaps.LeftTo));
        gaps.InVain = first == gaps.FirstAsked ? gaps.InVain : 0;

        // What the parent has not sent yet may still come; what it has passed over will not.
        var last = IsFlowing(source) ? Math.Min(gaps.AgedTo, source.PushedTo) : gaps.AgedTo;
        if (first > last || Now < gaps.AskAt || _neighbours.Up == 0)
        {
            return first < highest;
        }

        if (gaps.InVain >= MostInVain)
        {
            (gaps.LeftTo, gaps.InVain) = (gaps.AgedTo, 0);
            return true;
        }

        var slot = GapSlot(source, gaps.InVain++);
        Span<byte> all = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(all, first);
        BinaryPrimitives.WriteUInt32BigEndian(all[8..], (uint)Math.Min(last - first, uint.MaxValue));
        gaps.FirstAsked = first;
        gaps.OnAsked(Fetch(slot, source.Key, all, gaps.Most, asks: true), Now, GapTime);
        Counters.RepairsAsked += gaps.Awaited;
        return true;
    }

    /// <summary>Whom to ask: the parent, then the others in turn.</summary>
    private int GapSlot(BroadcastSource source, int turn)
    {
        var (parents, up) = (source.Parents & _neighbours.Up, _neighbours.Up);
        if (turn == 0 && parents != 0)
        {
            return BitOperations.TrailingZeroCount(parents);
        }

        for (turn %= BitOperations.PopCount(up); turn > 0; turn--)
        {
            up &= up - 1;
        }

        return BitOperations.TrailingZeroCount(up);
    }

    /// <summary>
    /// Gives up what is missing below all that is held, once that has been so for two looks: by then everybody was
    /// asked. Likewise what neighbours know of and nobody holds.
    /// </summary>
    private void TellLosses()
    {
        var looks = Math.Max(LeastLooks, BitOperations.PopCount(_neighbours.Up));
        for (var source = _sources.Newest; source is not null; source = source.Older)
        {
            ref var gaps = ref source.Gaps;
            if (source.Known.Count == 0)
            {
                continue;
            }

            var heldFrom = source.OldestHeld < 0 ? source.Known[^1].End : source.HeldFrom;
            var lost = source.Known.GiveUp(
                gaps.From, Math.Min(gaps.HeldFromBefore, heldFrom), SilentLoss.Largest, gaps.Silent);
            (gaps.HeldFromBefore, gaps.HeldFrom) = (gaps.HeldFrom, heldFrom);
            var givenUp = Math.Min(gaps.GivenUp, source.Known.GivenUp);
            source.Known.ForgetGivenUp(givenUp);
            gaps.GivenUp = source.Known.GivenUp;
            if (!source.Key.IsRepaired)
            {
                continue; // Who published it finds what was lost.
            }

            Tell(source, (long)(lost + givenUp), _options.RepairInterval);
            if (_turns.IsQuiet)
            {
                // All of it is older than what anybody holds.
                Tell(source, (long)gaps.Silent.Look(source.Known[^1].End, looks), _options.Retention);
            }
        }
    }

    private void Tell(BroadcastSource source, long lost, TimeSpan age)
    {
        if (lost > 0)
        {
            Counters.MessagesLost += lost;
            _sink.Lost(new BroadcastLoss(
                source.Key.Origin, source.Key.Incarnation, lost, age));
        }
    }
}
