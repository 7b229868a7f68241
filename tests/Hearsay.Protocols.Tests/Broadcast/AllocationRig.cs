using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>One node that forwards messages of 1 kB, and a driver that allocates nothing itself.</summary>
internal sealed class AllocationRig : INodeDriver, IBroadcastSink
{
    private readonly NodeCore _core;
    private readonly byte[] _packet;
    private readonly byte[] _answer;
    private readonly Queue<(int Neighbour, uint Messages)> _questions = new(16);
    private readonly ulong _label = Envelope.LabelOf("default");
    private Instant _now;

    public AllocationRig()
    {
        var neighbours = new StaticNeighbours(Lone.Id(0), [.. Enumerable.Range(1, 4).Select(BroadcastRig.PeerOf)]);
        // The memory is full, and going round, after a second.
        var options = new BroadcastOptions { Retention = TimeSpan.FromSeconds(1), Mode = BroadcastMode.Tree };
        _core = new NodeCore(
            new NodeCoreOptions
            {
                Self = new SelfDescription(Lone.Id(0), 1, Lone.AddressesOf(0), []), Seed = 1,
                Sampling = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromHours(1) },
                Protocols = [new BroadcastProtocol(options, neighbours, this)],
                VouchedAddresses = [.. Enumerable.Range(1, 4).Select(Lone.At)],
            },
            this);
        _core.Start(_now);
        _packet = Lone.Packet(Lone.Id(1), BroadcastFrame.Protocol, BroadcastFrame.Message, body =>
        {
            body.UInt64(neighbours.LinkNumber(0)).Raw(BroadcastRig.Message(50, 1, new byte[1024]));
        });
        _answer = Lone.Packet(
            Lone.Id(1), BroadcastFrame.Protocol, BroadcastFrame.Credit, body =>
            body.UInt64(neighbours.LinkNumber(0)).Raw(BroadcastRig.Answer(0, 0)));
        _neighbours = neighbours;
    }

    private readonly StaticNeighbours _neighbours;

    public int Delivered { get; private set; }

    public int Sent { get; private set; }

    public void Forward(int first, int count)
    {
        const int sequenceAt =
            Envelope.SizeBytes + Frame.HeaderBytes + BroadcastFrame.LinkBytes + MessageFrame.ChangingBytes
            + SourceKey.SizeBytes;
        for (var i = first; i < first + count; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(_packet.AsSpan(sequenceAt), i);
            Envelope.Seal(_packet, _label, Lone.Id(1));
            _now += TimeSpan.FromMilliseconds(2);
            if (_core.NextDue <= _now)
            {
                _core.OnDue(_now);
            }

            _core.Receive(_now, Lone.From(1), _packet);
            while (_questions.TryDequeue(out var question))
            {
                AnswerThatAllCame(question.Neighbour, question.Messages);
            }
        }
    }

    private void AnswerThatAllCame(int neighbour, uint messages)
    {
        var body = _answer.AsSpan(Envelope.SizeBytes + Frame.HeaderBytes);
        BinaryPrimitives.WriteUInt64BigEndian(body, _neighbours.LinkNumber(neighbour - 1));
        new CreditReport(CreditReport.Answers, 0, 0, messages, 0, messages).Write(body[BroadcastFrame.LinkBytes..]);
        Envelope.Seal(_answer, _label, Lone.Id(neighbour));
        _core.Receive(_now, Lone.From(neighbour), _answer);
    }

    public void Deliver(in BroadcastMessage message) => Delivered++;

    public bool CanReach(in NodeAddress address) => true;

    public bool Send(in Link to, ReadOnlySpan<byte> packet)
    {
        var reader = new WireReader(packet[Envelope.SizeBytes..]);
        Frame.TryRead(ref reader, out _, out var type, out var body);
        if (type == BroadcastFrame.Credit && CreditReport.TryRead(body[BroadcastFrame.LinkBytes..], out var question))
        {
            for (var neighbour = 1; neighbour <= 4; neighbour++)
            {
                if (Lone.At(neighbour) == to.Address)
                {
                    _questions.Enqueue((neighbour, question.Sent));
                }
            }
        }

        Sent++;
        return true;
    }

    public void ResolveContacts()
    {
    }

    public void Notify(in NodeNotice notice)
    {
    }

    public void OnViewChange(in ViewChange change)
    {
    }

    public void Publish(byte protocol, object happened)
    {
    }
}
