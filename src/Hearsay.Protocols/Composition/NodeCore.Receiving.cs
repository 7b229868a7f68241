using Hearsay.Protocols.Composition;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols;

/// <content>Input: a packet is opened, and its frames go to their protocols.</content>
public sealed partial class NodeCore
{
    /// <summary>Handles a packet that has arrived.</summary>
    /// <param name="now">The time of arrival.</param>
    /// <param name="link">The link over which the packet came.</param>
    /// <param name="packet">The bytes, valid only during the call. They may be anything at all.</param>
    public void Receive(Instant now, in Link link, ReadOnlySpan<byte> packet)
    {
        _state.Now = now;
        Counters.PacketsReceived++;
        Counters.BytesReceived += packet.Length;
        var limit = link.Kind == LinkKind.Datagram ? Envelope.MaximumDatagramBytes : Envelope.MaximumStreamBytes;
        if (packet.Length > limit)
        {
            Counters.Drop(DropReason.Oversized);
            return;
        }

        if (!Envelope.TryOpen(packet, _state.Label, out var sender, out var refused))
        {
            Refuse(refused, link, packet);
            return;
        }

        _state.Guard.BeginInput(link, packet.Length, now);
        ReadFrames(link, sender, packet);
        _state.Routes.Heard(sender, link);
        _sampling.GoAboveWhatWasMet();
        if (_sampling.LostItsId)
        {
            StopProtocols();
        }

        Finish();
        _state.EndInput();
        if (_state.TryTakeWhole(out var from, out var whole))
        {
            // Pieces that are themselves in pieces are not taken, so this happens once.
            Receive(now, from, whole.Span);
        }
    }

    private void ReadFrames(in Link link, NodeId sender, ReadOnlySpan<byte> packet)
    {
        ReadProofs(packet);
        var reader = new WireReader(packet[Envelope.SizeBytes..]);
        while (Frame.TryRead(ref reader, out var protocol, out var type, out var body))
        {
            if (protocol == SamplingMessage.Protocol)
            {
                _sampling.Receive(link, sender, type, body);
            }
            else if (protocol == Frame.Node)
            {
                _state.OnNodeFrame(link, type, body);
            }
            else
            {
                Dispatch(link, sender, protocol, type, body);
            }
        }

        if (reader.Failed)
        {
            Counters.Drop(DropReason.Malformed);
        }
    }

    /// <summary>
    /// The frames of the node itself count before all others of the packet, wherever they are. Of several numbers that
    /// come back only the first is looked up.
    /// </summary>
    private void ReadProofs(ReadOnlySpan<byte> packet)
    {
        var reader = new WireReader(packet[Envelope.SizeBytes..]);
        var mayProve = true;
        while (Frame.TryRead(ref reader, out var protocol, out var type, out var body))
        {
            if (protocol == Frame.Node && type == Frame.Challenge)
            {
                _state.OnChallenge(body);
            }
            else if (protocol == Frame.Node && type == Frame.Echo && mayProve)
            {
                mayProve = false;
                OnEcho(body);
            }
        }
    }

    private void OnEcho(ReadOnlySpan<byte> body)
    {
        var token = new WireReader(body).ReadUInt64();
        if (_state.Guard.TryProve(token, _state.Now, out var address, out var roundTrip))
        {
            _sampling.OnProven(address, roundTrip);
            _state.SendHeld(address);
            foreach (var protocol in _protocols)
            {
                protocol.OnProven(address);
            }
        }
    }

    private void Dispatch(in Link link, NodeId sender, byte protocol, byte type, ReadOnlySpan<byte> body)
    {
        if (Find(protocol) is not { } context)
        {
            Counters.Drop(DropReason.UnknownProtocol);
        }
        else if (sender == Self.Id)
        {
            Counters.Drop(DropReason.OwnId);
        }
        else
        {
            var from = _state.Table.TryFind(sender, out var handle)
                ? _source.Describe(handle, 0)
                : new Peer(sender, new NodeAddresses(link.Address), 0, 0, null);
            context.Receive(link, from, type, body);
        }
    }
}
