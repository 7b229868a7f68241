using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Checks;

/// <summary>The counters of a node that tell what it made of an event.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeenCounters(
    long Answered, long Withheld, long Answers, long Misdirected, long Dropped, long TimedOut, long Refused)
{
    private static readonly DropReason[] Refusals =
    [
        DropReason.Departed, DropReason.Quarantined, DropReason.StaleIncarnation, DropReason.TableFull,
        DropReason.Unreachable, DropReason.Excess, DropReason.ForgedSelf, DropReason.NotItsOwn,
    ];

    private static readonly DropReason[] All = Enum.GetValues<DropReason>();

    /// <summary>The counters of a node now.</summary>
    public static SeenCounters Of(NodeCore core)
    {
        var counters = core.Counters;
        var (dropped, refused) = (0L, 0L);
        foreach (var reason in All)
        {
            dropped += counters.Dropped(reason);
        }

        foreach (var reason in Refusals)
        {
            refused += counters.Dropped(reason);
        }

        return new SeenCounters(
            counters.ExchangesAnswered,
            counters.AgeingsWithheld,
            counters.ExchangesCompleted + counters.LateAnswers,
            counters.ExchangesMisdirected,
            dropped,
            counters.ExchangesTimedOut,
            refused);
    }
}
