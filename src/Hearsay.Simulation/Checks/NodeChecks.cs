using System.Runtime.CompilerServices;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation.Checks;

/// <summary>
/// Watches every event of every node and throws <see cref="InvariantViolationException"/> when a node breaks a rule.
/// What a node does is judged by the packets that went in and out and by its view before and after, with a model
/// written from the specification and not with the node's own kernels.
/// </summary>
/// <remarks>
/// Views (here), messages (Messages), exchanges (Exchange), memory (Memory), what strangers may be sent (Strangers) and
/// what is opened in the modes key and identity (Records) are a file each.
/// </remarks>
internal sealed partial class NodeChecks(VirtualNetwork network) : INetworkWitness
{
    /// <summary>How often a node may be due at one moment.</summary>
    private const int DueAtOnce = 100;

    /// <summary>The sampler is asked at every such event.</summary>
    private const int SampleEvery = 16;

    private readonly List<NodeRecord> _records = [];
    private readonly SeenMessage _in = new();
    private readonly SeenMessage _out = new();

    /// <summary>The reply that was sent in this event.</summary>
    private readonly SeenView _reply = new();
    private bool _replied;

    /// <summary>The bytes of the datagram being handled, and of all answers to it; 0 for none.</summary>
    private int _received;
    private int _answered;
    private bool _isPacket;
    private bool _isReplay;

    /// <summary>Whether the record being handled has not been read yet.</summary>
    private bool _isUnread;
    private Link _from;

    /// <inheritdoc/>
    public void Started(VirtualNode node)
    {
        while (_records.Count <= node.Index)
        {
            _records.Add(null!);
        }

        var record = new NodeRecord(node);
        _records[node.Index] = record;
        node.OnNotice = notice => OnNotice(node, record, notice);
    }

    /// <inheritdoc/>
    public void Receiving(VirtualNode node, in Link from, ReadOnlySpan<byte> packet)
    {
        var record = Begin(node);
        (_isPacket, _from) = (true, from);
        _received = from.Kind == LinkKind.Datagram ? packet.Length : 0;
        ReceivingFrom(node, record, from, packet.Length);
        var envelope = node.Core.State.Envelope;
        var isRecord = envelope is RecordEnvelope or IdentityEnvelope;

        // What is too long never gets as far as the envelope.
        _isUnread = isRecord && packet.Length <= envelope.MaximumBytes(from.Kind);
        if (isRecord)
        {
            (_packet, _packetBytes) = (HashOf(packet), packet.Length);
        }
        else
        {
            _in.Read(packet, node.Core.State.Label);
            HaveRead(node, record);
        }
    }

    /// <summary>A record is read once the node has opened it: what it refuses or asks a proof for changes nothing.
    /// </summary>
    private void ReadRecord(VirtualNode node, NodeRecord record)
    {
        if (!_isUnread)
        {
            return;
        }

        _isUnread = false;
        var envelope = node.Core.State.Envelope;
        _isLimited &= envelope.Proven.IsNone;
        if (envelope.TryGetLast(out var opened))
        {
            CheckOpened(node, record, opened.Frames.Length);
            _in.ReadFrames(opened.Sender, opened.Frames);
            HaveRead(node, record);
        }
    }

    private void HaveRead(VirtualNode node, NodeRecord record)
    {
        _isLimited &= !_in.HasEcho;
        _isReplay = _in.Type == SamplingMessage.Request && _in.Sender != node.Core.Self.Id
            && !record.TryAddNonce(_in.Nonce);
        record.Failures.Remove(_from.Address);
        if (_in.Type == SamplingMessage.Reply && record.Find(_in.Nonce) is { } request)
        {
            record.Failures.Remove(request.Address);
        }
    }

    /// <inheritdoc/>
    public void Due(VirtualNode node)
    {
        var record = Begin(node);
        var times = record.LastDue.At == network.Now ? record.LastDue.Times + 1 : 1;
        record.LastDue = (network.Now, times);
        Require(times < DueAtOnce, "due", node, $"is due for the {times}th time at one moment");
    }

    /// <inheritdoc/>
    public void Handled(VirtualNode node)
    {
        var record = _records[node.Index];
        var core = node.Core;
        ReadRecord(node, record);
        record.Events++;
        record.After.Read(core);
        CheckView(node, record);
        CheckMemory(node, record);
        if (_isPacket)
        {
            var isProven = _in.HasEcho || !core.State.Envelope.Proven.IsNone;
            Require(_received == 0 || isProven || _answered <= _received, "amplification", node,
                $"answered {_answered} bytes to {_received}");
            CheckGreetings(node);
            CheckSentFor(node);
            CheckPacket(node, record);
        }
        else
        {
            Require(core.NextDue >= node.LocalNow, "due", node, "is due in the past");
            NoteTrials(node, record);
            CheckAges(node, record, record.Before, 0, 1);
        }

        if (record.Events % SampleEvery == 0)
        {
            CheckSampler(node, record);
        }

        record.Before.CopyFrom(record.After);
        _isPacket = false;
    }

    private static void Require(bool holds, string rule, VirtualNode node, string message)
    {
        if (!holds)
        {
            throw new InvariantViolationException(rule, $"{rule}: node {node.Index} {message}, at {node.LocalNow}");
        }
    }

    private static void Require(
        bool holds, string rule, VirtualNode node,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref BreachText message)
    {
        if (!holds)
        {
            Require(holds, rule, node, message.ToStringAndClear());
        }
    }

    private NodeRecord Begin(VirtualNode node)
    {
        var record = _records[node.Index];
        record.Before.Read(node.Core);
        record.Counters = SeenCounters.Of(node.Core);
        (_received, _answered) = (0, 0);
        (_isPacket, _replied, _isReplay, _isUnread) = (false, false, false, false);
        (_isLimited, _sentPackets, _sentBytes) = (false, 0, 0);
        record.Contacts.UnionWith(node.Seeds);
        _greeted = 0;
        _in.Clear();
        _reply.Clear();
        return record;
    }

    private static void CheckView(VirtualNode node, NodeRecord record)
    {
        var core = node.Core;
        var view = record.After;
        Require(view.Count <= record.Rules.ViewSize, "size", node, $"has {view.Count} entries");
        Require(!view.Contains(core.Self.Id), "self", node, "is in its own view");
        for (var i = 1; i < view.Count; i++)
        {
            Require(view.IndexOf(view.Entries[i].Id) == i, "duplicate", node, "has an entry twice");
        }

        var table = core.State.Table;
        Require(table.Count <= table.Capacity, "table", node, "has too many peers in its table");
        try
        {
            core.AssertInvariants();
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            throw new InvariantViolationException("pins", $"pins: node {node.Index}: {broken.Message}");
        }
    }

    /// <summary>Entries that stay grow older by so much and not younger.</summary>
    private static void CheckAges(VirtualNode node, NodeRecord record, SeenView expected, int least, int most)
    {
        if (record.Rules.AgesByTheClock)
        {
            (least, most) = (0, int.MaxValue - ushort.MaxValue);
        }

        foreach (ref readonly var entry in record.After.Entries)
        {
            var index = expected.IndexOf(entry.Id);
            if (index < 0)
            {
                continue;
            }

            var age = expected.Entries[index].Age;
            var (low, high) = (Math.Min(age + least, ushort.MaxValue), Math.Min(age + most, ushort.MaxValue));
            Require(entry.Age >= low && entry.Age <= high, "age", node,
                $"has an entry of age {entry.Age}, not {low} to {high}");
        }
    }

    /// <summary>Without replacement nobody is given twice as fresh while nothing changes.</summary>
    private static void CheckSampler(VirtualNode node, NodeRecord record)
    {
        var given = new HashSet<NodeId>();
        while (record.Sampler is { } sampler && sampler.TryGetPeer(out var peer, out var origin)
            && origin == SampleOrigin.Fresh)
        {
            Require(given.Add(peer.Id), "sampler", node, "gave a peer twice as fresh");
            Require(record.After.Contains(peer.Id), "sampler", node, "gave a peer that is not in the view");
        }
    }
}
