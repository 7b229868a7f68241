using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>
/// One node, number 0 unless said, with a broadcast and the next K as neighbours, whose frames are made and read by
/// hand.
/// </summary>
internal sealed class BroadcastRig : IBroadcastSink
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(20);

    public BroadcastRig(
        Func<BroadcastOptions, BroadcastOptions>? configure = null, int neighbours = 4, int self = 0,
        IProtocol? beside = null)
    {
        var options = new BroadcastOptions { Mode = BroadcastMode.Tree, RepairInterval = TimeSpan.FromHours(1) };
        Peer[] peers = [.. Enumerable.Range(0, neighbours + 1).Where(number => number != self).Select(PeerOf)];
        TimeSpan[] roundTrips = [.. peers.Select(_ => RoundTrip)];
        Neighbours = new StaticNeighbours(Lone.Id(self), peers, roundTrips);
        Protocol = new BroadcastProtocol(configure?.Invoke(options) ?? options, Neighbours, this);
        Node = new Lone(
            PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromHours(1) },
            o => o with
            {
                Protocols = beside is null ? [Protocol] : [beside, Protocol], Self = Lone.SelfOf(self),
            });
    }

    public Lone Node { get; }

    public StaticNeighbours Neighbours { get; }

    public BroadcastProtocol Protocol { get; }

    public BroadcastCounters Counters => Protocol.Counters;

    public List<(BroadcastId Id, byte[] Payload, int Hops, TimeSpan Age)> Delivered { get; } = [];

    /// <summary>The large messages that it was told are lost: sequence and topic.</summary>
    public List<(BroadcastId Id, ulong Sequence, string Topic)> Lost { get; } = [];

    public void LostLarge(in BroadcastMessage message)
    {
        Assert.True(message.Payload.IsEmpty);
        Lost.Add((message.Id, message.Sequence, message.TopicText));
    }

    public List<BroadcastLoss> Losses { get; } = [];

    /// <summary>
    /// Neighbours that do not say what came. The others say that all did, as soon as the test goes on.
    /// </summary>
    public HashSet<int> Silent { get; } = [];

    private int _read;

    public static Peer PeerOf(int number) => new(Lone.Id(number), Lone.AddressesOf(number), 1, 0, null);

    public void Deliver(in BroadcastMessage message) =>
        Delivered.Add((message.Id, message.Payload.ToArray(), message.Hops, message.Age));

    void IBroadcastSink.Lost(in BroadcastLoss loss) => Losses.Add(loss);

    /// <summary>The body of a message of an origin.</summary>
    public static byte[] Message(
        int origin, ulong sequence, byte[]? payload = null, byte kind = 0, byte flags = 0, int hops = 3, long age = 0)
    {
        payload ??= [(byte)sequence, 1, 2, 3];
        var body = new byte[MessageFrame.HeaderBytes + payload.Length];
        MessageFrame.Write(body, Key(origin), sequence, kind, default, payload);
        MessageFrame.Stamp(body, flags, hops, age);
        return body;
    }

    public static SourceKey Key(int origin) => new(Lone.Id(origin), 1);

    public static BroadcastId IdOf(byte[] message)
    {
        Assert.True(MessageFrame.TryRead(message, out var frame));
        return BroadcastId.Of(frame.Source, frame.Unchanging);
    }

    public static byte[] Names(params BroadcastId[] ids)
    {
        var bytes = new byte[BroadcastId.SizeBytes * ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i].Write(bytes.AsSpan(BroadcastId.SizeBytes * i));
        }

        return bytes;
    }

    /// <summary>The index of a chunk at a place of a request, without what it says of how much it is wanted.</summary>
    public static byte[] Index(byte[] wanted, int at) => [(byte)(wanted[at] & 0x7F), wanted[at + 1]];

    public static byte[] Have(BroadcastId id, bool atOnce = false, ushort sequence = 0) =>
        [.. Names(id), (byte)(atOnce ? BroadcastFrame.PullAtOnce | 4 : 4), (byte)(sequence >> 8), (byte)sequence];

    public static byte[] SourceBody(int origin)
    {
        var body = new byte[SourceKey.SizeBytes];
        var writer = new WireWriter(body);
        Key(origin).Write(ref writer);
        return body;
    }

    /// <summary>A digest of one source that holds sequences from first to last.</summary>
    public static byte[] Digest(int origin, ulong first, ulong last)
    {
        var writer = new WireWriter(new byte[200]);
        writer.WriteByte(0);
        Key(origin).Write(ref writer);
        writer.WriteUInt64(first);
        writer.WriteByte(1);
        writer.WriteUInt64(first);
        writer.WriteUInt32((uint)(last - first));
        return writer.Written.ToArray();
    }

    /// <summary>A digest that says how far a source went of which nothing is held.</summary>
    public static byte[] SilentDigest(int origin, ulong to)
    {
        var writer = new WireWriter(new byte[200]);
        writer.WriteByte(0);
        Key(origin).Write(ref writer);
        writer.WriteUInt64(to + 1);
        writer.WriteByte(0);
        return writer.Written.ToArray();
    }

    /// <summary>A frame comes over the link with a peer.</summary>
    public void Receive(int from, byte type, params byte[] body)
    {
        ReceiveOnly(from, type, body);
        AnswerQuestions();
    }

    /// <summary>A frame comes that names a link.</summary>
    public void Receive(int from, ulong link, byte type, byte[] body) => Node.Receive(
        new Link(Lone.At(from), body.Length > 1100 ? LinkKind.Stream : LinkKind.Datagram),
        Lone.Packet(Lone.Id(from), BroadcastFrame.Protocol, type, b => b.UInt64(link).Raw(body)));

    /// <summary>One datagram comes with several frames over the link with a peer.</summary>
    public void ReceiveTogether(int from, params (byte Type, byte[] Body)[] frames)
    {
        var writer = new WireWriter(new byte[Envelope.MaximumDatagramBytes]);
        writer.WriteZeros(Envelope.SizeBytes);
        foreach (var (type, body) in frames)
        {
            var start = Frame.Begin(ref writer, BroadcastFrame.Protocol, type);
            writer.WriteUInt64(LinkWith(from));
            writer.WriteBytes(body);
            Frame.End(ref writer, start);
        }

        Assert.False(writer.Failed);
        Envelope.Seal(writer.Written, Envelope.LabelOf("default"), Lone.Id(from));
        Node.Receive(Lone.From(from), writer.Written.ToArray());
    }

    /// <summary>The number of the link with a peer; 0 if it is no neighbour.</summary>
    public ulong LinkWith(int peer)
    {
        var slot = Neighbours.Find(Lone.Id(peer));
        return slot >= 0 ? Neighbours.LinkNumber(slot) : 0;
    }

    public void Publish(byte[] payload) =>
        Node.Core.Post(Node.Now, BroadcastFrame.Protocol, new PublishCommand(default, payload));

    public void Push(int from, byte[] message) => Receive(from, BroadcastFrame.Message, message);

    /// <summary>
    /// The bodies of frames of a type sent to a neighbour since <see cref="Forget"/>, without the link's number.
    /// </summary>
    public List<byte[]> Sent(int to, byte type) =>
        [.. SentWithLink(to, type).Select(body => body[BroadcastFrame.LinkBytes..])];

    /// <summary>The same with it.</summary>
    public List<byte[]> SentWithLink(int to, byte type) =>
    [
        .. Node.Sent.Where(sent => sent.To.Address == Lone.At(to))
            .Select(sent => Swarm.FirstFrame(sent.Packet))
            .Where(frame => frame.Protocol == BroadcastFrame.Protocol && frame.Type == type)
            .Select(frame => frame.Body),
    ];

    public void Forget()
    {
        _read = 0;
        Node.Sent.Clear();
    }

    public void Advance(double milliseconds)
    {
        Node.Advance(TimeSpan.FromMilliseconds(milliseconds));
        AnswerQuestions();
    }

    /// <summary>An answer to a question how many of so many messages came.</summary>
    public static byte[] Answer(uint asked, uint arrived, uint stamp = 0)
    {
        var body = new byte[CreditReport.SizeBytes];
        new CreditReport(CreditReport.Answers, 0, 0, asked, stamp, arrived).Write(body);
        return body;
    }

    private void AnswerQuestions()
    {
        for (; _read < Node.Sent.Count; _read++)
        {
            var (to, packet, _) = Node.Sent[_read];
            var frame = Swarm.FirstFrame(packet);
            var other = Enumerable.Range(0, Neighbours.Capacity + 1).FirstOrDefault(n => Lone.At(n) == to.Address, -1);
            if (frame.Protocol == BroadcastFrame.Protocol && frame.Type == BroadcastFrame.Credit
                && !Silent.Contains(other)
                && CreditReport.TryRead(frame.Body.AsSpan(BroadcastFrame.LinkBytes), out var question)
                && (question.Flags & CreditReport.Asks) != 0)
            {
                ReceiveOnly(other, BroadcastFrame.Credit, Answer(question.Sent, question.Sent, question.Stamp));
            }
        }
    }

    private void ReceiveOnly(int from, byte type, byte[] body) => Receive(from, LinkWith(from), type, body);
}
