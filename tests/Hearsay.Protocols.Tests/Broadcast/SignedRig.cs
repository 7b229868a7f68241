using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;
using Hearsay.Protocols.Wire;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>
/// The broadcast of one node of mode identity, or of another mode for comparison, without the sessions around it: what
/// comes from a peer is from that peer. The nodes 1 to 4 but itself are its neighbours.
/// </summary>
internal sealed class SignedRig : IProtocolContext, IBroadcastSink
{
    private readonly SeededRandom[] _random = [new SeededRandom(5)];

    /// <param name="number">The node.</param>
    /// <param name="isSigned">Whether it is of mode identity.</param>
    /// <param name="wall">Its wall clock.</param>
    public SignedRig(int number, bool isSigned = true, Func<Instant, long>? wall = null)
    {
        Security = new SeededIdentities().Security(number, wall: wall);
        Proofs = isSigned ? new OriginProofs(Security) : null;
        Self = PeerOf(number);
        Neighbours = new StaticNeighbours(
            Self.Id, [.. Enumerable.Range(1, 4).Where(other => other != number).Select(PeerOf)]);
        Protocol = new BroadcastProtocol(
            new BroadcastOptions
            {
                Mode = BroadcastMode.Tree, RepairInterval = TimeSpan.FromHours(1), EagerPayloadBytes = 256,
                ChunkBytes = 8192,
            },
            Neighbours, this);
        Protocol.Start(this);
    }

    public IdentitySecurity Security { get; }

    public OriginProofs? Proofs { get; }

    OriginProofs? IProtocolContext.Proofs => Proofs;

    public StaticNeighbours Neighbours { get; }

    public BroadcastProtocol Protocol { get; }

    public BroadcastCounters Counters => Protocol.Counters;

    public Instant Now { get; set; }

    public long PacketNumber { get; private set; }

    public ref SeededRandom Random => ref _random[0];

    public Peer Self { get; }

    public IPeerSampler Peers => throw new NotSupportedException();

    public List<(NodeId Origin, ulong Sequence, byte[] Payload)> Delivered { get; } = [];

    public List<(NodeId Origin, ulong Sequence)> Lost { get; } = [];

    /// <summary>What was sent: to whom, the type, and the body behind the number of the link.</summary>
    public List<(NodeId To, byte Type, byte[] Body)> Sent { get; } = [];

    /// <summary>Counts what is sent instead of keeping it, and allocates nothing.</summary>
    public bool OnlyCounts { get; set; }

    /// <summary>Neighbours that asked how much came, and how much that is.</summary>
    private readonly Queue<(Peer Neighbour, CreditReport Question)> _questions = new(16);

    private readonly byte[] _answer = new byte[BroadcastFrame.LinkBytes + CreditReport.SizeBytes];

    public int Count { get; private set; }

    public static Peer PeerOf(int number) =>
        new(SeededIdentities.Keys(number).Id, Lone.AddressesOf(number), 1, 0, null);

    public static SourceKey Key(int number) => new(SeededIdentities.Keys(number).Id, 1);

    /// <summary>The message that a node publishes first, as it goes to a neighbour.</summary>
    public static byte[] Published(int by, byte[] payload, int before = 0)
    {
        var publisher = new SignedRig(by);
        for (var i = 0; i <= before; i++)
        {
            publisher.Publish(payload);
        }

        return publisher.Messages[^1];
    }

    /// <summary>The messages that were sent, each once.</summary>
    public List<byte[]> Messages =>
    [
        .. Sent.Where(sent => sent.Type == BroadcastFrame.Message && sent.To == Sent[0].To).Select(sent => sent.Body),
    ];

    public void Publish(byte[] payload) => Protocol.OnCommand(this, new PublishCommand("news"u8.ToArray(), payload));

    /// <summary>A frame comes over the link with a peer, in a packet of its own.</summary>
    public void Receive(int from, byte type, byte[] body)
    {
        var peer = PeerOf(from);
        var slot = Neighbours.Find(peer.Id);
        var frame = new byte[BroadcastFrame.LinkBytes + body.Length];

        // A link that is gone has the number that it had.
        BinaryPrimitives.WriteUInt64BigEndian(frame, slot >= 0 ? Neighbours.LinkNumber(slot) : NumberWith(peer.Id));
        body.CopyTo(frame.AsSpan(BroadcastFrame.LinkBytes));
        Receive(peer, type, frame);
    }

    public void Receive(in Peer peer, byte type, byte[] frame)
    {
        PacketNumber++;
        Protocol.Receive(this, peer, type, frame);
    }

    public void Push(int from, byte[] message) => Receive(from, BroadcastFrame.Message, message);

    public bool Send(in Peer to, byte type, ReadOnlySpan<byte> body)
    {
        Count++;
        if (OnlyCounts)
        {
            if (type == BroadcastFrame.Credit
                && CreditReport.TryRead(body[BroadcastFrame.LinkBytes..], out var question)
                && (question.Flags & CreditReport.Asks) != 0)
            {
                _questions.Enqueue((to, question));
            }
        }
        else
        {
            Sent.Add((to.Id, type, body[BroadcastFrame.LinkBytes..].ToArray()));
        }

        return true;
    }

    /// <summary>All neighbours that were asked say that all came.</summary>
    public void Answer()
    {
        while (_questions.TryDequeue(out var asked))
        {
            var link = Neighbours.LinkNumber(Neighbours.Find(asked.Neighbour.Id));
            BinaryPrimitives.WriteUInt64BigEndian(_answer, link);
            new CreditReport(CreditReport.Answers, 0, 0, asked.Question.Sent, asked.Question.Stamp, asked.Question.Sent)
                .Write(_answer.AsSpan(BroadcastFrame.LinkBytes));
            Receive(asked.Neighbour, BroadcastFrame.Credit, _answer);
        }
    }

    public bool Reply(byte type, ReadOnlySpan<byte> body) => true;

    public void Schedule(TimeSpan delay, long token)
    {
    }

    public void Publish(object happened)
    {
    }

    public void Deliver(in BroadcastMessage message)
    {
        if (!OnlyCounts)
        {
            Delivered.Add((message.Origin, message.Sequence, message.Payload.ToArray()));
        }
    }

    public void LostLarge(in BroadcastMessage message) => Lost.Add((message.Origin, message.Sequence));

    void IBroadcastSink.Lost(in BroadcastLoss loss)
    {
    }

    private ulong NumberWith(NodeId other)
    {
        var both = new StaticNeighbours(Self.Id, [new Peer(other, Lone.AddressesOf(1), 1, 0, null)]);
        return both.LinkNumber(0);
    }
}
