using Hearsay.Protocols;

namespace Hearsay.Simulation.Checks;

/// <summary>What a node sends for an input whose source may be forged, and to addresses that never answered.</summary>
internal sealed partial class NodeChecks
{
    /// <summary>What such an address gets from all protocols together, unless something came from it.</summary>
    private const int MostTries = 4;

    /// <summary>After so many cycles it may be tried anew.</summary>
    private const int ForgottenAfterCycles = 100;

    /// <summary>Whether the source of the datagram being handled has not proven that it lives there.</summary>
    private bool _isLimited;

    /// <summary>What was sent in this event.</summary>
    private int _sentPackets;
    private int _sentBytes;

    private void ReceivingFrom(VirtualNode node, NodeRecord record, in Link from, int bytes)
    {
        _isLimited = from.Kind == LinkKind.Datagram
            && !node.Core.State.Guard.IsProven(from.Address, node.LocalNow);
        if (record.Strangers.TryGetValue(from.Address, out var stranger))
        {
            record.Strangers[from.Address] = stranger with { HeardBytes = Math.Max(bytes, stranger.HeardBytes) };
        }
    }

    /// <summary>
    /// A partner that never answered may have been tried without a request: with a look, or with nothing if it has had
    /// enough.
    /// </summary>
    private static void NoteTrials(VirtualNode node, NodeRecord record)
    {
        ForgetTriedBefore(record, node.Core.Sampling.Cycle);
        foreach (ref readonly var entry in record.After.Entries)
        {
            if (node.Core.State.Guard.IsOnTrial(entry.Address))
            {
                record.OnTrial.Add(entry.Id);
            }
        }
    }

    private void CheckSentFor(VirtualNode node) => Require(
        !_isLimited || (_sentPackets <= 1 && _sentBytes <= _received), "stranger", node,
        $"sent {_sentPackets} packets of {_sentBytes} bytes for one of {_received} from {_from.Address}");

    private void CheckFirstContact(VirtualNode node, NodeRecord record, in Link to, ReadOnlySpan<byte> packet)
    {
        _sentPackets++;
        _sentBytes += packet.Length;
        var isAnswer = _isPacket && to.Address == _from.Address;
        if (isAnswer || to.Kind == LinkKind.Stream || record.Contacts.Contains(to.Address)
            || node.Core.State.Guard.IsProven(to.Address, node.LocalNow))
        {
            return;
        }

        var (now, cycle) = (node.LocalNow, record.Options.CycleTime);
        record.Strangers.TryGetValue(to.Address, out var before);
        if (before.Times > 0 && now - before.At >= ForgottenAfterCycles * cycle)
        {
            before = default;
        }

        Require(before.Times == 0 || now - before.At >= cycle, "stranger", node,
            $"sent {to.Address}, which never answered, a packet {now - before.At} after another");
        Require(before.Times < MostTries || packet.Length <= before.HeardBytes, "stranger", node,
            $"sent {to.Address}, which never answered, {before.Times + 1} packets");
        Require(before.Times == 0 || packet.Length <= node.Core.State.Guard.SmallBytes, "stranger", node,
            $"sent {to.Address}, which never answered, {packet.Length} bytes");
        record.Strangers[to.Address] = new SeenStranger(now, before.Times + 1, 0);
    }
}
