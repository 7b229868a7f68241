using Hearsay.Protocols.Core;
using Hearsay.Protocols.Tests.Node.Guard;
using Hearsay.Protocols.Tests.Wire;
using OpenPacket = Hearsay.Protocols.Wire.Envelope;

namespace Hearsay.Afl;

/// <summary>
/// The whole receive path of a node that runs every protocol: the packet of a member, with frames of any kind.
/// </summary>
/// <remarks>
/// The first byte of an input says from whom, and whether on a stream. The node keeps its state from one execution to
/// the next; time passes now and then, and sometimes everything begins anew.
/// </remarks>
internal sealed class NodeFrames
{
    private const int Members = 4;
    private const int BetweenCycles = 1024;
    private const int BetweenWorlds = 256 * BetweenCycles;

    private readonly byte[] _room = new byte[OpenPacket.MaximumStreamBytes];
    private readonly ulong _label = OpenPacket.LabelOf("default");
    private WholeNodes _nodes = NewNodes();
    private int _count;

    public static DecoderTarget Make()
    {
        var nodes = new WholeNodes(8);
        nodes.Run(15);
        byte[][] seeds = [.. nodes.Sent.SelectMany(one => one.Frames()).GroupBy(one => (one.Protocol, one.Type))
            .SelectMany(group => group.DistinctBy(one => one.Body.Length).Take(4)).Where(one => one.Body.Length <= 1000)
            .Select(one => (byte[])[0, one.Protocol, one.Type, (byte)(one.Body.Length >> 8), (byte)one.Body.Length,
                .. one.Body])];
        return new DecoderTarget("frames", seeds, new NodeFrames().Try, LeastBytes: 8 << 20);
    }

    private static WholeNodes NewNodes()
    {
        var nodes = new WholeNodes(Members);
        nodes.Run(15);
        nodes.Sent.Clear();
        foreach (var member in nodes.Members)
        {
            member.Node.OnSend = null;
        }

        return nodes;
    }

    private string? Try(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty || input.Length > OpenPacket.StreamRoomBytes)
        {
            return null;
        }

        var node = _nodes.Members[0].Node;
        var from = _nodes.Members[1 + ((input[0] >> 1) % (Members - 1))].Node;
        var kind = (input[0] & 1) != 0 || input.Length > OpenPacket.DatagramRoomBytes
            ? LinkKind.Stream : LinkKind.Datagram;
        var packet = _room.AsSpan(0, OpenPacket.SizeBytes + input.Length - 1);
        input[1..].CopyTo(packet[OpenPacket.SizeBytes..]);
        OpenPacket.Seal(packet, _label, from.Core.Self.Id);
        var faults = node.Core.Counters.ProtocolFaults;
        _nodes.Network.Inject(node, new Link(from.Address, kind), packet);
        if (node.Core.Counters.ProtocolFaults != faults)
        {
            return "a handler threw";
        }

        if (++_count % BetweenCycles == 0)
        {
            Execution.Beside(Pass);
        }

        return null;
    }

    private void Pass()
    {
        if (_count % BetweenWorlds == 0)
        {
            _nodes = NewNodes();
            return;
        }

        _nodes.Run(1, isBusy: false);
        _nodes.Members[0].Node.Core.AssertInvariants();
    }
}
