using Hearsay.Protocols;
using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation.Checks;

/// <summary>What a node sends.</summary>
internal sealed partial class NodeChecks
{
    /// <inheritdoc/>
    public void Sent(VirtualNode node, in Link to, ReadOnlySpan<byte> packet)
    {
        NoteSealed(node, packet);
        if (_records.Count <= node.Index)
        {
            return;
        }

        var record = _records[node.Index];
        ReadRecord(node, record);
        ReadSealed(node, record, to, packet);
        if (_out.IsOfEnvelope)
        {
            // No longer than what came, or what this node sent before, once more.
            return;
        }

        // Requests and looks are no answers. Those that go out while a packet is handled have waited for a session.
        if (!_isPacket || _out.Type is not (0 or SamplingMessage.Request)
            || node.Core.State.Envelope is not IdentityEnvelope)
        {
            CheckFirstContact(node, record, to, packet);
        }

        switch (_out.Type)
        {
            case SamplingMessage.Request:
                SentRequest(node, record, to);
                break;
            case SamplingMessage.Reply:
                _answered += packet.Length;
                _replied = true;
                CheckReply(node, record);
                break;
            case SamplingMessage.Metadata:
                _answered += packet.Length;
                break;
            case SamplingMessage.Walk or SamplingMessage.Gift:
                // A newcomer begins its walks itself.
                _answered += _in.Type == SamplingMessage.Walk ? packet.Length : 0;
                break;
            default:
                break;
        }
    }

    private void SentRequest(VirtualNode node, NodeRecord record, in Link to)
    {
        var request = record.NextRequest();
        (request.Nonce, request.Mode, request.Address) = (_out.Nonce, _out.Mode, to.Address);
        request.Expected = _out.Expected;
        request.Entries.Clear();
        foreach (ref readonly var entry in _out.Descriptors.Entries)
        {
            if (entry.Id != node.Core.Self.Id)
            {
                request.Entries.Add(entry with { Handle = HandleOf(node, entry.Id) });
            }
            else
            {
                Require(entry.Age == 0, "own", node, "describes itself with an age");
            }
        }

        Require(_out.Descriptors.Count <= record.Rules.MaximumBuffer, "buffer", node, "pushes too much");
        if ((request.Mode & (ExchangeMode.Look | ExchangeMode.Join)) == 0)
        {
            record.LastPush = request;
            ForgetTriedBefore(record, node.Core.Sampling.Cycle);
            if (_in.HasEcho || !node.Core.State.Envelope.Proven.IsNone
                || (_isPacket && node.Core.State.Envelope is IdentityEnvelope))
            {
                // What waited for its partner to prove itself was chosen earlier.
                record.OnTrial.Add(request.Expected);
            }
            else
            {
                CheckPartner(node, record, request.Expected);
            }
        }
    }

    private static void ForgetTriedBefore(NodeRecord record, long cycle)
    {
        if (record.TriedIn != cycle)
        {
            record.TriedIn = cycle;
            record.Tried.Clear();
            record.OnTrial.Clear();
        }
    }

    private static uint HandleOf(VirtualNode node, NodeId id) =>
        node.Core.State.Table.TryFind(id, out var handle) ? handle : PeerTable.NoHandle;

    private static bool WasSent(VirtualNode node, SeenView sent, NodeId id) =>
        sent.IndexOf(id) is >= 0 and var index && sent.Entries[index].Handle == HandleOf(node, id);

    /// <summary>tail means the largest age in the current view among those not tried yet, head the smallest.</summary>
    private static void CheckPartner(VirtualNode node, NodeRecord record, NodeId partner)
    {
        var core = node.Core;
        var view = new SeenView();
        view.Read(core);
        var index = view.IndexOf(partner);
        if (record.Rules is { Form: ExchangeForm.HalfViews, Selection: not PeerSelection.Rand } && index >= 0)
        {
            var sign = record.Rules.Selection == PeerSelection.Tail ? 1 : -1;
            foreach (ref readonly var other in view.Entries)
            {
                Require(sign * (other.Age - view.Entries[index].Age) <= 0 || record.Tried.Contains(other.Id)
                    || record.OnTrial.Contains(other.Id) || core.State.Guard.IsOnTrial(other.Address)
                    || MayWait(node, other.Id),
                    "partner", node, "passed over an entry of greater age for a partner");
            }
        }

        Require(!record.Tried.Contains(partner), "partner", node, "tried a partner twice in a cycle");
        record.Tried.Add(partner);
    }

    /// <summary>Whom a node has no session with may have been tried already, by a request that waits for one.</summary>
    private static bool MayWait(VirtualNode node, NodeId id) =>
        node.Core.State.Envelope is IdentityEnvelope envelope && !envelope.IsMet(id, node.LocalNow);

    /// <summary>An answer is prepared before the merge: all it carries was in the view.</summary>
    private void CheckReply(VirtualNode node, NodeRecord record)
    {
        _reply.Clear();
        foreach (ref readonly var entry in _out.Descriptors.Entries)
        {
            if (entry.Id == node.Core.Self.Id)
            {
                continue;
            }

            _reply.Add(entry with { Handle = HandleOf(node, entry.Id) });
            var index = record.Before.IndexOf(entry.Id);
            Require(index >= 0 || entry.Id == _in.Sender, "answer", node, "answered what it was just told");
            Require(index < 0 || entry.Id == _in.Sender || record.Rules.AgesByTheClock
                || entry.Age == record.Before.Entries[index].Age, "answer", node, "answered ages it was just told");
        }

        Require(!_out.WrongTarget || _reply.Count == 0, "answer", node, "told its view to who meant another");
    }
}
