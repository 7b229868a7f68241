using Hearsay.Protocols.AntiEntropy.Exchange;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Exchanges that this node began: what follows when all has come.</content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>
    /// An exchange that brings so many rows, and more than came by broadcast lately, has brought more than what is on
    /// its way just now.
    /// </summary>
    private const int ManyRows = 64;

    private void End(SharedMap map, PullExchange pull, bool done, int rowsBefore)
    {
        if (!Settle(map, rowsBefore))
        {
            return;
        }

        if (!done)
        {
            Cut(map, pull, EndReason.Changed);
            return;
        }

        map.Completed++;
        Compared(map);
        Count(pull.Mode);
        Close(map, pull);
        TellEnd(pull, EndReason.Done);
        TryWaiting(map);
        if (map.Replica.Root != pull.RootBefore && (!Carries || pull.Rows >= Math.Max(ManyRows, map.EventsLately)))
        {
            TellAll(map);

            // Others lack the same: a partition has healed, or nothing else carries what is new.
            (_peersToTell, _newsLeft) = (NewsFanout, NewsRepeats);
            BeatSoon();
        }
    }

    private void CountRows(PullExchange pull, int rows)
    {
        pull.Rows += rows;
        Counters.RowsReceived += rows;
    }

    private void Count(PullMode mode)
    {
        switch (mode)
        {
            case PullMode.Context or PullMode.Brief:
                Counters.ContextExchanges++;
                break;
            case PullMode.Sketch:
                Counters.SketchExchanges++;
                break;
            case PullMode.Digests:
                Counters.DigestExchanges++;
                break;
            default:
                Counters.SnapshotExchanges++;
                break;
        }
    }

    private void CutMalformed(SharedMap map, PullExchange pull)
    {
        Counters.Malformed++;
        Cut(map, pull, EndReason.Changed);
    }
}
