using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>Leaving, and being left.</summary>
internal sealed partial class PeerSamplingProtocol
{
    private int LeaveBytes => _node.Envelope.HeadBytes + Frame.HeaderBytes + sizeof(ulong);

    /// <summary>Tells the neighbours, those in the view and those who called lately, and falls silent.</summary>
    public void Leave()
    {
        if (!_started || _left)
        {
            return;
        }

        foreach (var handle in Handles)
        {
            SendLeave(RouteOf(handle), _node.Table[handle].Id);
        }

        foreach (var (caller, id) in _callers)
        {
            if (!caller.IsNone && !IsInView(caller))
            {
                SendLeave(caller, id);
            }
        }

        _left = true;
    }

    private void SendLeave(in NodeAddress address, NodeId id)
    {
        var link = new Link(address, LinkKind.Datagram);
        var writer = _node.Begin(link, id, LeaveBytes, SendReason.Message);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Leave);
        writer.WriteUInt64(_node.Self.Incarnation);
        Frame.End(ref writer, start);
        _node.Send(link, writer.Written, SendReason.Message);
    }

    /// <summary>Believed only from the address the peer is known under; only of peers this node knows.</summary>
    private DropReason OnLeave(in Link link, NodeId sender, ref WireReader reader)
    {
        var incarnation = reader.ReadUInt64();
        if (reader.Failed)
        {
            return DropReason.Malformed;
        }

        if (!_node.Table.TryFind(sender, out var handle))
        {
            return DropReason.None;
        }

        var known = _node.Table[handle];
        if (!known.Addresses.Contains(link.Address) || incarnation > Descriptor.MaximumIncarnation)
        {
            return DropReason.ForgedLeave;
        }

        if (incarnation < known.Incarnation)
        {
            return DropReason.StaleIncarnation;
        }

        _departed.Add(sender, incarnation);
        _remembered.Remove(known.Addresses.IPv4);
        _remembered.Remove(known.Addresses.IPv6);
        if (View.IndexOf(handle) is >= 0 and var index)
        {
            _node.Counters.Departures++;
            _node.Driver.Notify(new NodeNotice(NodeNoticeKind.Departed, sender, link.Address));
            RemoveFromView(index);
        }

        return DropReason.None;
    }
}
