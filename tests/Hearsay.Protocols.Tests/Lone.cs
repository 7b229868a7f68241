using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests;

/// <summary>
/// One node whose whole world is the test: every packet to it is made by hand, every one from it is kept. The first 256
/// addresses count as proven, so that a test sees what the protocols say.
/// </summary>
internal sealed class Lone : INodeDriver
{
    private ulong _nonce = 1000;

    public Lone(PeerSamplingOptions? sampling = null, Func<NodeCoreOptions, NodeCoreOptions>? configure = null)
    {
        var options = new NodeCoreOptions
        {
            Self = SelfOf(0),
            Seed = 7,
            Sampling = sampling ?? PeerSamplingOptions.Recommended,
            VouchedAddresses = [.. Enumerable.Range(0, 256).Select(At)],
        };
        Core = new NodeCore(configure?.Invoke(options) ?? options, this);
        Core.Start(Now);
    }

    public NodeCore Core { get; }

    public Instant Now { get; private set; }

    public List<(Link To, byte[] Packet, Instant At)> Sent { get; } = [];

    public List<NodeNotice> Notices { get; } = [];

    /// <summary>What became of its questions for metadata.</summary>
    public List<MetadataAnswer> MetadataAnswers { get; } = [];

    public List<object> Published { get; } = [];

    public List<NodeAddress> Seeds { get; } = [];

    public static NodeId Id(int number) => new(0xAA, (ulong)number + 1);

    public static NodeAddress At(int number) => VirtualNetwork.AddressOf(number);

    public static NodeAddresses AddressesOf(int number) => new(At(number));

    public static SelfDescription SelfOf(int number) => new(Id(number), 1, AddressesOf(number), []);

    public static Link From(int number) => new(At(number), LinkKind.Datagram);

    public static Entry Of(int number, int age = 0, ulong incarnation = 1) =>
        new(Id(number), incarnation, age, AddressesOf(number));

    public static byte[] Packet(NodeId sender, byte type, Action<Body> write, int padTo = 0,
        string cluster = "default") =>
        Packet(sender, SamplingMessage.Protocol, type, write, padTo, cluster);

    public static byte[] Packet(
        NodeId sender, byte protocol, byte type, Action<Body> write, int padTo = 0, string cluster = "default")
    {
        var body = new Body();
        write(body);
        var writer = new WireWriter(new byte[Envelope.MaximumStreamBytes]);
        writer.WriteZeros(Envelope.SizeBytes);
        var start = Frame.Begin(ref writer, protocol, type);
        writer.WriteBytes(body.Bytes);
        Frame.End(ref writer, start);
        Frame.Pad(ref writer, padTo);
        Envelope.Seal(writer.Written, Envelope.LabelOf(cluster), sender);
        return writer.Written.ToArray();
    }

    public byte[] Request(int sender, ExchangeMode mode, NodeId expected, params Entry[] entries) =>
        Packet(Id(sender), SamplingMessage.Request, body =>
        {
            body.UInt64(_nonce++).Id(expected).Byte((byte)mode).Byte((byte)entries.Length);
            body.Entries(entries);
        }, padTo: 1200);

    public static byte[] Reply(int sender, ulong nonce, bool wrongTarget, params Entry[] entries) =>
        Packet(Id(sender), SamplingMessage.Reply, body =>
        {
            body.UInt64(nonce).Byte(wrongTarget ? (byte)1 : (byte)0).Zeros(18).Byte((byte)entries.Length);
            body.Entries(entries);
        });

    /// <summary>A push from a peer that names itself and others; returns what the node answered.</summary>
    public void Push(int sender, params Entry[] others) =>
        Receive(From(sender), Request(sender, ExchangeMode.Push, NodeId.None, [Of(sender), .. others]));

    public void Receive(Link from, byte[] packet)
    {
        Core.Receive(Now, from, packet);
        Core.AssertInvariants();
    }

    public void Advance(TimeSpan span)
    {
        var end = Now + span;
        while (Core.NextDue <= end)
        {
            Now = Instant.Max(Now, Core.NextDue);
            Core.OnDue(Now);
            Core.AssertInvariants();
        }

        Now = end;
    }

    /// <summary>Nobody runs the node meanwhile; then what is due is done at once.</summary>
    public void Stall(TimeSpan span)
    {
        Now += span;
        Core.OnDue(Now);
    }

    public void BeginCycle() => Core.BeginCycle(Now);

    public int AgeOf(int number) =>
        Core.View.Copy().Where(p => p.Id == Id(number)).Select(p => (int)p.AgeCycles).DefaultIfEmpty(-1).Single();

    public bool Knows(int number) => AgeOf(number) >= 0;

    public bool CanReach(in NodeAddress address) => true;

    /// <summary>Whether the queue of the way to an address is full, if set.</summary>
    public Func<Link, bool>? IsFull { get; set; }

    public bool Send(in Link to, ReadOnlySpan<byte> packet)
    {
        if (IsFull?.Invoke(to) ?? false)
        {
            return false;
        }

        Sent.Add((to, packet.ToArray(), Now));
        return true;
    }

    /// <summary>How often the node asked for its seeds.</summary>
    public int SeedRequests { get; private set; }

    public void ResolveContacts()
    {
        SeedRequests++;
        if (Seeds.Count > 0)
        {
            _pendingContacts = true;
        }
    }

    /// <summary>Hands over the seeds, if the node asked.</summary>
    public bool GiveContacts()
    {
        if (!_pendingContacts)
        {
            return false;
        }

        _pendingContacts = false;
        Core.SeedsResolved(Now, [.. Seeds]);
        return true;
    }

    private bool _pendingContacts;

    public void Notify(in NodeNotice notice) => Notices.Add(notice);

    public void OnMetadata(in MetadataAnswer answer) => MetadataAnswers.Add(answer);

    public void OnViewChange(in ViewChange change)
    {
    }

    public void Publish(byte protocol, object happened) => Published.Add(happened);

    /// <summary>A descriptor that may be kept.</summary>
    internal readonly record struct Entry(
        NodeId Id, ulong Incarnation, int Age, NodeAddresses Addresses,
        MetadataPresence Presence = MetadataPresence.None, byte[]? Metadata = null);

    /// <summary>A frame's body, written field by field.</summary>
    internal sealed class Body
    {
        private readonly byte[] _buffer = new byte[Envelope.MaximumStreamBytes];
        private int _length;

        public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

        public Body Byte(byte value) => Write((ref w) => w.WriteByte(value));

        public Body UInt16(int value) => Write((ref w) => w.WriteUInt16((ushort)value));

        public Body UInt64(ulong value) => Write((ref w) => w.WriteUInt64(value));

        public Body Id(NodeId value) => Write((ref w) => w.WriteNodeId(value));

        public Body Zeros(int count) => Write((ref w) => w.WriteZeros(count));

        public Body PadTo(int length) => Zeros(Math.Max(0, length - _length));

        public Body Raw(byte[] bytes) => Write((ref w) => w.WriteBytes(bytes));

        public Body Entries(params Entry[] entries)
        {
            foreach (var e in entries)
            {
                Write((ref w) => new Descriptor(
                    e.Id, e.Incarnation, (ushort)e.Age, e.Addresses, e.Presence, e.Metadata).Write(ref w));
            }

            return this;
        }

        private delegate void WriteField(ref WireWriter writer);

        private Body Write(WriteField write)
        {
            var writer = new WireWriter(_buffer.AsSpan(_length));
            write(ref writer);
            _length += writer.Position;
            return this;
        }
    }
}
