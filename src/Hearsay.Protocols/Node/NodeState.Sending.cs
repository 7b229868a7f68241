using Hearsay.Protocols.Node.Guard;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Node;

/// <summary>The way out: everything that the node sends passes here, and the guard.</summary>
internal sealed partial class NodeState
{
    /// <summary>What may be sent to whom.</summary>
    public SendGuard Guard { get; }

    /// <summary>Whether the node says nothing any more: it has left.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Begins a packet: room for the envelope, and what proves addresses.</summary>
    /// <param name="to">Where it goes.</param>
    /// <param name="receiver">Who lives there; none if that is not known.</param>
    /// <param name="bytes">About how long it will be; above a datagram's size it may become as long as a stream takes.
    /// </param>
    /// <param name="reason">Why it is sent.</param>
    public WireWriter Begin(in Link to, NodeId receiver, int bytes, SendReason reason)
    {
        var writer = BeginIn(Room(bytes > Envelope.MaximumDatagramBytes), receiver);
        Guard.WriteHead(ref writer, to, bytes, reason, Now);
        return writer;
    }

    /// <summary>Sends a packet, if its receiver may be sent it now.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="packet">What was begun with <see cref="Begin"/>, its frames written.</param>
    /// <param name="reason">Why.</param>
    public SendOutcome Send(in Link to, Span<byte> packet, SendReason reason)
    {
        var outcome = Guard.Judge(to, packet, reason, Now, out var look);
        if (outcome == SendOutcome.Sent)
        {
            // The queue of a stream may be full.
            return Emit(to, packet) ? SendOutcome.Sent : SendOutcome.Refused;
        }

        if (look != 0)
        {
            EmitProof(
                new Link(to.Address, LinkKind.Datagram), NodeEnvelope.ReceiverOf(packet), Frame.Challenge, look);
        }

        return outcome;
    }

    /// <summary>
    /// Begins what answers the packet being handled, or goes on with it: all answers to a datagram are one.
    /// </summary>
    /// <param name="from">Where the packet came from.</param>
    /// <param name="bytes">How long a packet with this answer alone would be.</param>
    /// <returns>A writer that fails where there is no room.</returns>
    public WireWriter BeginAnswer(in Link from, int bytes)
    {
        if (from.Kind == LinkKind.Stream)
        {
            return BeginAnswerIn(Room(bytes > Envelope.MaximumDatagramBytes - Frame.ProofBytes));
        }

        var input = Guard.Input;
        return input.AnswerBytes == 0
            ? BeginAnswerIn(AnswerRoom(input)) : new WireWriter(AnswerRoom(input), input.AnswerBytes);
    }

    /// <summary>Ends what was begun with <see cref="BeginAnswer(in Link, int)"/>.</summary>
    /// <returns>False if there was no room for it: nothing of it is sent.</returns>
    public bool EndAnswer(in Link from, ref WireWriter writer) => EndAnswer(from, ref writer, Label);

    /// <summary>The same under the label of the cluster that the packet being handled came from.</summary>
    public bool EndAnswer(in Link from, ref WireWriter writer, ulong label)
    {
        if (writer.Failed)
        {
            Counters.Drop(DropReason.Amplification);
            Guard.Input.FellShort();
            return false;
        }

        Guard.Input.Echo = 0;
        if (from.Kind == LinkKind.Stream)
        {
            Emit(from, writer.Written, label);
        }
        else
        {
            Guard.Input.Answered(writer.Position);
        }

        return true;
    }

    /// <summary>The packet was handled: the answer to it goes out.</summary>
    public void EndInput() => EndInput(Label);

    /// <summary>The packet was handled: the answer goes out under the label of the cluster that it came from.</summary>
    public void EndInput(ulong label)
    {
        var (input, isAsked) = (Guard.Input, false);
        if (input.From is { } from && !IsSilent)
        {
            if (input.AnswerBytes > 0)
            {
                isAsked = SendAnswer(from, input, label);
            }
            else if (input.Echo != 0 && input.HasRoomFor(Guard.LookBytes, SendReason.OnBehalf))
            {
                var hasRoom = input.HasRoomFor(Guard.LookBytes + Frame.ProofBytes, SendReason.OnBehalf);
                var wanted = hasRoom && input.WantsProof ? Guard.ProofWanted(from.Address, Now) : 0;
                isAsked = wanted != 0;
                EmitProof(from, input.Sender, Frame.Echo, input.Echo, wanted);
            }

            if (input.MustProve && !isAsked)
            {
                input.FellShort();
            }
        }

        Guard.EndInput();
    }

    /// <summary>A frame with a number that its sender wants back.</summary>
    public void OnChallenge(ReadOnlySpan<byte> body)
    {
        var token = new WireReader(body).ReadUInt64();
        Guard.Input.Echo = Guard.Input.Echo == 0 ? token : Guard.Input.Echo;
    }

    /// <summary>Asks the sources that would have caused more than they may for a proof.</summary>
    public void SendLooks()
    {
        while (Guard.TryTakeSuspect(out var address, out var id))
        {
            if (!IsSilent && Guard.TryLook(address, Now, out var token))
            {
                EmitProof(new Link(address, LinkKind.Datagram), id, Frame.Challenge, token);
            }
        }
    }

    /// <summary>An address has proven itself: it is sent what waited for that.</summary>
    public void SendHeld(in NodeAddress address)
    {
        while (Guard.TryTakeHeld(address, Now, out var packet))
        {
            Emit(new Link(address, LinkKind.Datagram), packet);
        }
    }

    /// <summary>A packet without frames, for a driver that tries a way.</summary>
    /// <param name="room">Where it is written: as long as the longest head.</param>
    /// <param name="to">Where it goes.</param>
    public ReadOnlySpan<byte> SealNothing(Span<byte> room, in Link to)
    {
        var writer = BeginIn(room, Envelope.ResidentOf(to.Address, Now));
        return Envelope.Seal(writer.Written, to, Self.Id, Now);
    }

    /// <summary>Sends what the envelope itself has to say after a packet was opened.</summary>
    public void SendOwn()
    {
        while (Envelope.TryTakeOwn(out var to, out var packet))
        {
            if (!IsSilent)
            {
                HandOver(to, packet);
            }
        }

        (Counters.Challenges, Counters.ChallengesAnswered) = (Envelope.Challenges, Envelope.ChallengesAnswered);
    }

    private Span<byte> Room(bool isLong) => isLong
        ? Work.LargePacket[..Envelope.MaximumStreamBytes] : Work.Packet[..Envelope.MaximumDatagramBytes];

    private Span<byte> AnswerRoom(InputBudget input) =>
        Work.Answer[..Math.Min(input.AnswerRoom, Envelope.MaximumDatagramBytes)];

    /// <summary>A writer behind the head of the envelope, which names the receiver until it is sealed.</summary>
    private WireWriter BeginIn(Span<byte> room, NodeId receiver)
    {
        var writer = new WireWriter(room);
        writer.WriteZeros(Envelope.HeadBytes);
        if (!writer.Failed)
        {
            NodeEnvelope.Address(writer.Written, receiver);
        }

        return writer;
    }

    private WireWriter BeginAnswerIn(Span<byte> room)
    {
        var writer = BeginIn(room, Guard.Input.Sender);
        if (Guard.Input.Echo != 0)
        {
            Frame.WriteProof(ref writer, Frame.Echo, Guard.Input.Echo);
        }

        return writer;
    }

    /// <returns>Whether the source is asked for a proof with it.</returns>
    private bool SendAnswer(in Link from, InputBudget input, ulong label)
    {
        var writer = new WireWriter(AnswerRoom(input), input.AnswerBytes);
        var token = writer.Room >= Frame.ProofBytes ? Guard.ProofWanted(from.Address, Now) : 0;
        if (token != 0)
        {
            Frame.WriteProof(ref writer, Frame.Challenge, token);
        }

        Emit(from, writer.Written, label);
        return token != 0;
    }

    /// <summary>A packet with nothing but a number, and perhaps one that is to come back.</summary>
    private void EmitProof(in Link to, NodeId receiver, byte type, ulong token, ulong wanted = 0)
    {
        var writer = BeginIn(stackalloc byte[Guard.LookBytes + Frame.ProofBytes], receiver);
        Frame.WriteProof(ref writer, type, token);
        if (wanted != 0)
        {
            Frame.WriteProof(ref writer, Frame.Challenge, wanted);
        }

        Counters.Looks += type == Frame.Challenge ? 1 : 0;
        Emit(to, writer.Written);
    }

    /// <summary>Puts the envelope before the frames written and hands the packet to the driver.</summary>
    private bool Emit(in Link to, Span<byte> packet)
    {
        var closed = Envelope.Seal(packet, to, Self.Id, Now);
        return closed.IsEmpty ? Envelope.IsHolding : HandOver(to, closed);
    }

    /// <summary>The same under the label of another cluster, which only nodes of mode open know.</summary>
    private bool Emit(in Link to, Span<byte> packet, ulong label)
    {
        if (label == Label)
        {
            return Emit(to, packet);
        }

        Wire.Envelope.Seal(packet, label, Self.Id);
        return HandOver(to, packet);
    }

    private bool HandOver(in Link to, ReadOnlySpan<byte> packet)
    {
        Counters.PacketsSent++;
        Counters.BytesSent += packet.Length;
        return GoesInPieces(to) ? SendInPieces(to.Address, packet) : Driver.Send(to, packet);
    }
}
