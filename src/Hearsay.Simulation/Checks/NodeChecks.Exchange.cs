using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Exchange;

namespace Hearsay.Simulation.Checks;

/// <summary>What a node makes of what it receives: a model of admission and merge on sets.</summary>
internal sealed partial class NodeChecks
{
    private readonly SeenView _union = new();
    private readonly SeenView _received1 = new();
    private readonly SeenView _none = new();

    private void CheckPacket(VirtualNode node, NodeRecord record)
    {
        var (before, after) = (record.Counters, SeenCounters.Of(node.Core));

        // Cyclon takes its partner out; where the answer would leave the view empty, who answered stays.
        var kept = record.Rules.Form == ExchangeForm.Cyclon && _in.Type == SamplingMessage.Reply
            && record.After.Count == 1 ? _in.Sender : NodeId.None;
        foreach (ref readonly var entry in record.After.Entries)
        {
            var told = IsWalk || entry.Id == kept || (CarriesPeers && _in.Descriptors.Contains(entry.Id));
            Require(record.Before.Contains(entry.Id) || told, "source", node, "has an entry that nobody told it of");
        }

        var exact = after.Refused == before.Refused;
        if (_in.Type == SamplingMessage.Request)
        {
            CheckRequest(node, record, after, exact);
        }
        else if (_in.Type == SamplingMessage.Reply && after.Misdirected > before.Misdirected)
        {
            CheckTaken(node, record, 1);
        }
        else if (_in.Type == SamplingMessage.Reply && after.Answers > before.Answers)
        {
            CheckAnswer(node, record, exact);
        }
        else if (_in.Type is 0 or SamplingMessage.Reply)
        {
            CheckAges(node, record, record.Before, 0, 1);
            CheckTaken(node, record, 0);
        }
    }

    private bool CarriesPeers => _in.Type is SamplingMessage.Request or SamplingMessage.Reply;

    /// <summary>Cyclon's join, which has no model here.</summary>
    private bool IsWalk => _in.Type is SamplingMessage.Walk or SamplingMessage.Gift;

    private void CheckRequest(VirtualNode node, NodeRecord record, in SeenCounters after, bool exact)
    {
        var used = after.Answered > record.Counters.Answered;
        var looks = (_in.Mode & ExchangeMode.Look) != 0;
        Require(!used || !_isReplay, "replay", node, "used a request that came before");
        Require(!used || _in.Expected.IsNone || _in.Expected == node.Core.Self.Id, "target", node,
            "used a request meant for another");
        var walks = record.Rules.Form == ExchangeForm.Cyclon && (_in.Mode & ExchangeMode.Join) != 0;
        if (!used || looks || walks || (_in.Mode & ExchangeMode.Push) == 0)
        {
            if (!walks)
            {
                CheckTaken(node, record, 0);
            }

            if (!used || looks)
            {
                CheckAges(node, record, record.Before, 0, used ? 0 : 1);
            }

            return;
        }

        var ages = record.Rules.AgesWhenContacted && after.Withheld == record.Counters.Withheld ? 1 : 0;
        var pushOnly = (_in.Mode & ExchangeMode.Pull) == 0;

        // What was pushed last may wait for a session, and is not seen until it goes out.
        var lastPush = node.Core.State.Envelope.ProvesSenders ? null : record.LastPush;
        var sent = pushOnly ? record.Rules.Pulls ? _none : lastPush?.Entries ?? _none : _reply;
        Collect(node, _in.Descriptors, _in.Descriptors.Count);
        CheckMerge(node, record, sent, ages, ages, exact);
    }

    private void CheckAnswer(VirtualNode node, NodeRecord record, bool exact)
    {
        var request = record.Find(_in.Nonce);
        if (request is null)
        {
            return;
        }

        if ((request.Mode & ExchangeMode.Look) != 0)
        {
            CheckTaken(node, record, 1);
            return;
        }

        Collect(node, _in.Descriptors, _in.Descriptors.Count);
        CheckMerge(node, record, request.Entries, 0, 1, exact);
    }

    /// <summary>At most so many peers came in.</summary>
    private static void CheckTaken(VirtualNode node, NodeRecord record, int most)
    {
        var taken = 0;
        foreach (ref readonly var entry in record.After.Entries)
        {
            taken += record.Before.Contains(entry.Id) ? 0 : 1;
        }

        Require(taken <= most, "taken", node, $"took {taken} peers where {most} at most may come in");
    }

    /// <summary>What a message brings: of several descriptors of one peer the youngest.</summary>
    private void Collect(VirtualNode node, SeenView descriptors, int count)
    {
        _received1.Clear();
        foreach (ref readonly var entry in descriptors.Entries[..count])
        {
            var index = _received1.IndexOf(entry.Id);
            if (index >= 0)
            {
                _received1.Entries[index].Age = Math.Min(_received1.Entries[index].Age, entry.Age);
            }
            else if (entry.Id != node.Core.Self.Id)
            {
                _received1.Add(entry);
            }
        }
    }

    /// <summary>
    /// The union of the view and what came, each at its smaller age; if that is more than c, H of the oldest go, then S
    /// of those sent, then any.
    /// </summary>
    private void CheckMerge(
        VirtualNode node, NodeRecord record, SeenView sent, int leastAgeing, int mostAgeing, bool exact)
    {
        if (record.Rules.Form == ExchangeForm.Cyclon || !exact || _in.Descriptors.Count > record.Rules.MaximumBuffer)
        {
            return;
        }

        _union.CopyFrom(record.Before);
        foreach (ref readonly var entry in _received1.Entries)
        {
            var index = _union.IndexOf(entry.Id);
            if (index < 0)
            {
                _union.Add(entry);
                continue;
            }

            ref var known = ref _union.Entries[index];
            known.Age = IsBelieved(node, entry, known) ? entry.Age
                : entry.Incarnation >= known.Incarnation ? Math.Min(known.Age, entry.Age) : known.Age;
        }

        var surplus = Math.Max(0, _union.Count - record.Rules.ViewSize);
        Require(record.After.Count == _union.Count - surplus, "merge", node,
            $"has {record.After.Count} entries after a merge of {_union.Count}");
        CheckAges(node, record, _union, leastAgeing, mostAgeing);
        if (record.Rules.Form == ExchangeForm.HalfViews && surplus > 0)
        {
            CheckRemoved(node, record, sent, surplus);
        }
    }

    /// <summary>
    /// Of two descriptors the higher incarnation wins. Where senders are proven, a node is believed what it says of
    /// itself, and others are not believed while it is met.
    /// </summary>
    private bool IsBelieved(VirtualNode node, in SeenEntry entry, in SeenEntry known)
    {
        var envelope = node.Core.State.Envelope;
        return !envelope.ProvesSenders ? entry.Incarnation > known.Incarnation
            : entry.Id == _in.Sender ? entry.Incarnation != known.Incarnation
            : entry.Incarnation > known.Incarnation && !envelope.IsMet(entry.Id, node.LocalNow);
    }

    private void CheckRemoved(VirtualNode node, NodeRecord record, SeenView sent, int surplus)
    {
        var healed = Math.Min(record.Rules.Healing, surplus);
        var (oldestKept, removedSent, sentThere) = (0, 0, 0);
        var (youngestOwnRemoved, oldestNewKept) = (int.MaxValue, -1);
        var older = 0;
        foreach (ref readonly var entry in _union.Entries)
        {
            var kept = record.After.Contains(entry.Id);
            var own = record.Before.Contains(entry.Id);
            var wasSent = WasSent(node, sent, entry.Id);
            sentThere += wasSent ? 1 : 0;
            removedSent += wasSent && !kept ? 1 : 0;
            oldestKept = kept ? Math.Max(oldestKept, entry.Age) : oldestKept;
            oldestNewKept = kept && !own ? Math.Max(oldestNewKept, entry.Age) : oldestNewKept;
            youngestOwnRemoved = !kept && own ? Math.Min(youngestOwnRemoved, entry.Age) : youngestOwnRemoved;
        }

        foreach (ref readonly var entry in _union.Entries)
        {
            older += entry.Age >= oldestKept && !record.After.Contains(entry.Id) ? 1 : 0;
        }

        Require(older >= healed, "healing", node, $"removed {older} of the {healed} oldest");
        Require(surplus > healed || oldestNewKept < youngestOwnRemoved, "ties", node,
            "removed an entry of its own and kept a received one as old");
        var swapped = Math.Min(record.Rules.Swap, surplus - healed);
        Require(removedSent >= Math.Min(swapped, sentThere), "swap", node,
            $"removed {removedSent} of {swapped} entries sent");
    }
}
