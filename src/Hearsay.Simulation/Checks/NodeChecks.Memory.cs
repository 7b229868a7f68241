using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Exchange;

namespace Hearsay.Simulation.Checks;

/// <summary>Who may enter a view: nobody who left or does not answer, and no earlier life of anybody.</summary>
internal sealed partial class NodeChecks
{
    private static void OnNotice(VirtualNode node, NodeRecord record, in NodeNotice notice)
    {
        if (notice.Kind == NodeNoticeKind.Evicted)
        {
            var timeOuts = node.Core.Counters.ExchangesTimedOut;
            var inARow = record.Failures.TryGetValue(notice.Address, out var before)
                && timeOuts - before.TimeOuts < Remembered(record) ? before.InARow + 1 : 1;
            record.Failures[notice.Address] = new SeenFailure(node.LocalNow, inARow, timeOuts);
        }
    }

    /// <summary>
    /// Time-outs after which a failure must still be known: twice the view, less those that may fall on one moment.
    /// </summary>
    private static int Remembered(NodeRecord record) =>
        (2 * record.Rules.ViewSize) - Math.Max(8, record.Options.Fanout + 4);

    private void CheckMemory(VirtualNode node, NodeRecord record)
    {
        foreach (ref readonly var entry in record.After.Entries)
        {
            var index = record.Before.IndexOf(entry.Id);
            if (index >= 0)
            {
                var isOwn = node.Core.State.Envelope.ProvesSenders && _in.Type != 0 && entry.Id == _in.Sender;
                Require(isOwn || entry.Incarnation >= record.Before.Entries[index].Incarnation, "stale", node,
                    "took an older life of a peer for a newer one");
                continue;
            }

            CheckDeparted(node, record, entry);
            CheckFailed(node, record, entry);
        }

        if (_in.Type == SamplingMessage.Leave)
        {
            record.Departures++;
            if (record.Before.Contains(_in.Sender) && !record.After.Contains(_in.Sender))
            {
                record.Departed[_in.Sender] = (_in.Incarnation, record.Departures);
            }
        }

        record.Departures += node.Core.Counters.ExchangesMisdirected - record.Counters.Misdirected;
    }

    private static void CheckDeparted(VirtualNode node, NodeRecord record, in SeenEntry entry)
    {
        if (record.Departed.TryGetValue(entry.Id, out var left)
            && record.Departures - left.Number < record.Rules.ViewSize)
        {
            Require(entry.Incarnation > left.Incarnation, "departed", node, "took back a peer that left");
        }
    }

    private void CheckFailed(VirtualNode node, NodeRecord record, in SeenEntry entry)
    {
        var options = record.Options;
        var told = _isPacket ? _in.Descriptors.IndexOf(entry.Id) : -1;
        if (told < 0 || _in.Descriptors.Entries[told].Address != entry.Address)
        {
            // Two lives of one incarnation at two addresses, which only amnesia makes: the node judges what it is told.
            return;
        }

        if (!record.Failures.TryGetValue(entry.Address, out var failure)
            || node.Core.Counters.ExchangesTimedOut - failure.TimeOuts >= Remembered(record))
        {
            return;
        }

        var isHeld = node.LocalNow < failure.At + (options.CycleTime * options.QuarantineCycles);
        Require(!isHeld || failure.InARow < options.QuarantineAfter, "quarantine", node,
            $"took back {entry} that failed {failure.InARow} times in a row, last at {failure.At}");
        if (!record.Rules.AgesByTheClock)
        {
            var agesPerCycle = isHeld && record.Rules.AgesWhenContacted ? 2 : 1;
            var age = YoungestAge(entry.Id);
            var spoken = node.LocalNow + (options.CycleTime * (-age / (double)agesPerCycle));
            Require(spoken > failure.At, "memory", node, "took back a peer that failed, on old news");
        }
    }

    private int YoungestAge(NodeId id)
    {
        var age = int.MaxValue;
        foreach (ref readonly var entry in _in.Descriptors.Entries)
        {
            age = entry.Id == id ? Math.Min(age, entry.Age) : age;
        }

        return age;
    }
}
