using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;

namespace Hearsay.Simulation.Checks;

/// <summary>A packet of the peer sampling protocol, read without the node's help.</summary>
internal sealed class SeenMessage
{
    /// <summary>Who sent it, as it claims.</summary>
    public NodeId Sender { get; private set; }

    /// <summary>The frame's type; 0 if the packet is no sound packet with one frame of this protocol.</summary>
    public byte Type { get; private set; }

    /// <summary>Of a request or reply.</summary>
    public ulong Nonce { get; private set; }

    /// <summary>Of a request: whom it is meant for.</summary>
    public NodeId Expected { get; private set; }

    /// <summary>Of a request.</summary>
    public ExchangeMode Mode { get; private set; }

    /// <summary>Of a reply.</summary>
    public bool WrongTarget { get; private set; }

    /// <summary>Of a leave notice.</summary>
    public ulong Incarnation { get; private set; }

    /// <summary>Whether it carries a number that comes back.</summary>
    public bool HasEcho { get; private set; }

    /// <summary>Whether the envelope sent it of its own accord, or sent it again.</summary>
    public bool IsOfEnvelope { get; private set; }

    /// <summary>The descriptors, in order.</summary>
    public SeenView Descriptors { get; } = new();

    /// <summary>Nothing was read.</summary>
    public void Clear() => (Type, HasEcho, IsOfEnvelope) = (0, false, false);

    /// <summary>It says nothing to any protocol, or nothing new.</summary>
    public void BeOfEnvelope()
    {
        Clear();
        IsOfEnvelope = true;
    }

    /// <summary>Reads a packet.</summary>
    public void Read(ReadOnlySpan<byte> packet, ulong label)
    {
        Clear();
        if (!Envelope.TryOpen(packet, label, out var sender, out _))
        {
            return;
        }

        ReadFrames(sender, packet[Envelope.SizeBytes..]);
    }

    /// <summary>Reads the frames of a packet.</summary>
    public void ReadFrames(NodeId sender, ReadOnlySpan<byte> frames)
    {
        Clear();
        Sender = sender;
        var reader = new WireReader(frames);
        while (Frame.TryRead(ref reader, out var protocol, out var type, out var body))
        {
            if (protocol == SamplingMessage.Protocol)
            {
                Type = Type == 0 && ReadBody(type, body) ? type : (byte)0;
            }

            HasEcho |= protocol == Frame.Node && type == Frame.Echo;
            IsOfEnvelope |= protocol == Frame.Node
                && type is RecordEnvelope.RecordChallenge or RecordEnvelope.RecordCookie
                    or IdentityEnvelope.RevocationsFrame or IdentityEnvelope.RenewalRequest or IdentityEnvelope.Renewal;
        }
    }

    private bool ReadBody(byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var count = 0;
        Descriptors.Clear();
        switch (type)
        {
            case SamplingMessage.Request:
                var request = ExchangeRequest.Read(ref reader);
                (Nonce, Expected, Mode, count) = (request.Nonce, request.Expected, request.Mode, request.Count);
                break;
            case SamplingMessage.Reply:
                var reply = ExchangeReply.Read(ref reader);
                (Nonce, WrongTarget, count) = (reply.Nonce, reply.WrongTarget, reply.Count);
                break;
            case SamplingMessage.Leave:
                Incarnation = reader.ReadUInt64();
                break;
            default:
                break;
        }

        for (var i = 0; i < count && !reader.Failed; i++)
        {
            if (!Descriptor.TryRead(ref reader, out var descriptor))
            {
                return false;
            }

            Descriptors.Add(new SeenEntry(
                descriptor.Id, descriptor.AgeCycles, descriptor.Incarnation, descriptor.Addresses.Primary));
        }

        return !reader.Failed;
    }
}
