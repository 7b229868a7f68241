using System.Buffers.Binary;
using Hearsay.Protocols;
using Hearsay.Protocols.Security;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation.Checks;

/// <summary>
/// Mode key: what a node opens was sealed by another one, byte for byte, and a life of a node opens nothing twice.
/// </summary>
internal sealed partial class NodeChecks
{
    /// <summary>What was sealed in this run, and by which node.</summary>
    private readonly Dictionary<ulong, int> _sealed = [];

    /// <summary>The packet being handled.</summary>
    private ulong _packet;

    private int _packetBytes;

    private void NoteSealed(VirtualNode node, ReadOnlySpan<byte> packet)
    {
        if (node.Core.State.Envelope is RecordEnvelope)
        {
            _sealed[HashOf(packet)] = node.Index;
        }
    }

    /// <param name="node">Who opened the packet.</param>
    /// <param name="record">What is known of it.</param>
    /// <param name="openedBytes">The length of what was inside.</param>
    private void CheckOpened(VirtualNode node, NodeRecord record, int openedBytes)
    {
        if (openedBytes > _packetBytes)
        {
            return; // It was put together from pieces, and nobody sends it whole.
        }

        var isKnown = _sealed.TryGetValue(_packet, out var sender);
        Require(isKnown, "forged", node, "opened what nobody has sealed");
        Require(sender != node.Index, "reflected", node, "opened what it has sealed itself");
        Require(record.Opened.Add(_packet), "replayed", node, "opened a packet twice");
    }

    private static ulong HashOf(ReadOnlySpan<byte> packet)
    {
        var hash = (ulong)packet.Length;
        while (packet.Length >= sizeof(ulong))
        {
            hash = SeededRandom.Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(packet));
            packet = packet[sizeof(ulong)..];
        }

        foreach (var value in packet)
        {
            hash = SeededRandom.Mix(hash ^ value);
        }

        return hash;
    }
}
