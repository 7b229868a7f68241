using Hearsay.Protocols.Composition;
using Hearsay.Protocols.Rotation;
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
        if (packet.Length > _state.Envelope.MaximumBytes(link.Kind))
        {
            Counters.Drop(DropReason.Oversized);
            return;
        }

        var isOpen = _state.Envelope.TryOpen(packet, link, Self.Id, now, out var opened, out var refused);
        _state.SendOwn();
        NoteProven(_state.Envelope.Proven);
        if (!isOpen)
        {
            Refuse(refused, link, packet);
            return;
        }

        if (opened.IsOwn)
        {
            _sampling.MeetOwnRequest(opened.Frames);
            Finish();
            return;
        }

        _state.Guard.BeginInput(link, packet.Length, now);
        _state.Guard.Input.Sender = opened.Sender;
        ReadFrames(link, opened);
        _state.Routes.Heard(opened.Sender, link);
        _sampling.GoAboveWhatWasMet();
        if (_sampling.LostItsId)
        {
            StopProtocols();
            _state.IsSilent = true;
        }

        Finish();
        _state.EndInput();
        if (_state.TryTakeWhole(out var from, out var whole))
        {
            // Pieces that are themselves in pieces are not taken, so this happens once.
            Receive(now, from, whole.Span);
        }
    }

    /// <summary>What the envelope sent to an address has come back from there.</summary>
    private void NoteProven(in NodeAddress address)
    {
        if (address.IsNone)
        {
            return;
        }

        _sampling.OnChallenged(address);
        if (_state.Guard.TryProve(address, _state.Now))
        {
            TellProven(address, TimeSpan.Zero);
        }
    }

    private void ReadFrames(in Link link, in OpenedPacket packet)
    {
        ReadProofs(packet.Frames);
        var sender = packet.Sender;
        var reader = new WireReader(packet.Frames);
        while (Frame.TryRead(ref reader, out var protocol, out var type, out var body))
        {
            if (packet.IsForAnyone && protocol != Frame.Node
                && (protocol, type) != (SamplingMessage.Protocol, SamplingMessage.Request))
            {
                Counters.Drop(DropReason.Unaddressed);
            }
            else if (packet.IsRetired && protocol is not (Frame.Node or KeyringMessage.Protocol))
            {
                Counters.Drop(DropReason.RetiredKey);
            }
            else if (protocol == SamplingMessage.Protocol)
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

        if (packet.IsOutdated)
        {
            // As if it had asked: it does not know that there is something to ask for.
            Dispatch(link, sender, KeyringMessage.Protocol, KeyringMessage.Ask, []);
        }
    }

    /// <summary>
    /// The frames of the node itself count before all others of the packet, wherever they are. Of several numbers that
    /// come back only the first is looked up.
    /// </summary>
    private void ReadProofs(ReadOnlySpan<byte> frames)
    {
        var reader = new WireReader(frames);
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
            TellProven(address, roundTrip);
        }
    }

    private void TellProven(in NodeAddress address, TimeSpan roundTrip)
    {
        _sampling.OnProven(address, roundTrip);
        _state.SendHeld(address);
        foreach (var protocol in _protocols)
        {
            protocol.OnProven(address);
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
                : new Peer(sender, new NodeAddresses(link.Address), 0, 0, null)
                {
                    Identity = _state.Envelope.IdentityOf(sender),
                };
            context.Receive(link, from, type, body);
        }
    }
}
