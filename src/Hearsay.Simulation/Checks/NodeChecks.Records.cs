using System.Buffers.Binary;
using Hearsay.Protocols;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation.Checks;

/// <summary>
/// Modes key and identity: what a node opens was sealed by another one, byte for byte, and a life of a node opens
/// nothing twice.
/// </summary>
internal sealed partial class NodeChecks
{
    /// <summary>What was sealed in this run, and by which node.</summary>
    private readonly Dictionary<ulong, int> _sealed = [];

    /// <summary>The packet being handled.</summary>
    private ulong _packet;

    private int _packetBytes;

    /// <summary>The bytes before sessions that were sent in this event.</summary>
    private int _greeted;

    private void NoteSealed(VirtualNode node, ReadOnlySpan<byte> packet)
    {
        if (node.Core.State.Envelope is RecordEnvelope or IdentityEnvelope)
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

    /// <summary>
    /// Reads what a node has just sealed. What it begins sessions with has nothing in it; what it sends once more, or
    /// tells of tokens, is the envelope's.
    /// </summary>
    private void ReadSealed(VirtualNode node, NodeRecord record, in Link to, ReadOnlySpan<byte> packet)
    {
        var self = node.Core.Self.Id;
        switch (node.Core.State.Envelope)
        {
            case RecordEnvelope { Security.Cipher: GlassCipher glass }:
                _out.ReadFrames(self, glass.Last[RecordFormat.InnerBytes..]);
                break;
            case IdentityEnvelope when SessionFormat.IsGreeting(packet):
                _out.BeOfEnvelope();
                _greeted += packet.Length;
                NoteGreeted(node, record, to);
                break;
            case IdentityEnvelope { Security.Cipher: GlassCipher glass }:
                _out.ReadFrames(self, glass.Last);
                if (!record.Sealed.Add(HashOf(FramesOf(glass.Last))))
                {
                    _out.BeOfEnvelope();
                }

                break;
            default:
                _out.Read(packet, node.Core.State.Label);
                break;
        }
    }

    /// <summary>A partner that a node has no session with is tried without a request that could be seen.</summary>
    private void NoteGreeted(VirtualNode node, NodeRecord record, in Link to)
    {
        ForgetTriedBefore(record, node.Core.Sampling.Cycle);
        foreach (ref readonly var entry in record.Before.Entries)
        {
            if (!_isPacket && entry.Address == to.Address)
            {
                record.OnTrial.Add(entry.Id);
            }
        }
    }

    /// <summary>
    /// What leads to a session is not longer than what draws it. But what is shorter than a hello can only be an
    /// answer, and with that a node goes on: it sends a message of a handshake, and begins others.
    /// </summary>
    private void CheckGreetings(VirtualNode node) => Require(
        _received < SessionFormat.HelloBytes || _greeted <= _received, "amplification", node,
        $"sent {_greeted} bytes before a session for {_received}");

    /// <summary>A packet without what fills it up: that may differ when it is sent once more.</summary>
    private static ReadOnlySpan<byte> FramesOf(ReadOnlySpan<byte> frames)
    {
        var reader = new WireReader(frames);
        var length = 0;
        while (Frame.TryRead(ref reader, out var protocol, out var type, out _))
        {
            length = protocol == Frame.Node && type == Frame.Padding ? length : frames.Length - reader.Rest.Length;
        }

        return frames[..length];
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
