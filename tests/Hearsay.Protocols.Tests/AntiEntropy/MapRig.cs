using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Tests.AntiEntropy.Replica;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>One node with maps whose whole world is the test; its epochs count up.</summary>
internal sealed class MapRig : IMapStores
{
    private readonly Dictionary<string, TestStore> _stores = [];
    private ulong _epochs;
    private int _read;

    public MapRig(MapOptions? options = null, ulong firstEpoch = 7, IEventCarrier? carrier = null)
    {
        _epochs = firstEpoch - 1;
        Protocol = new AntiEntropyProtocol(
            options ?? new MapOptions { SketchCells = 64, MaximumExchanges = 4, MaximumMaps = 8 }, this, carrier);
        Node = new Lone(
            new PeerSamplingOptions { CycleTime = TimeSpan.FromHours(1) }, o => o with { Protocols = [Protocol] });
        Node.Push(1);
        Node.Push(2);
    }

    public AntiEntropyProtocol Protocol { get; }

    public Lone Node { get; }

    public MapCounters Counters => Protocol.Counters;

    public MapReplica Replica => Protocol.Maps["m"].Replica;

    public IReplicaStore Open(string name)
    {
        if (!_stores.TryGetValue(name, out var store))
        {
            _stores[name] = store = new TestStore();
        }

        return store;
    }

    public TestStore StoreOf(string name) => _stores[name];

    public ulong Next() => ++_epochs;

    public void Set(string key, byte[] value) => Node.Core.Post(Node.Now, MapFrame.Protocol, new MapWriteCommand(
        "m", [MapChange.Set(MapNet.Path(key), RowKind.Register, value)], 5));

    public void Send(int from, byte type, WireEncoding body) => Send(from, type, WireEncodings.ToBytes(body));

    public void Send(int from, byte type, byte[] body) =>
        Node.Receive(Lone.From(from), Lone.Packet(Lone.Id(from), MapFrame.Protocol, type, b => b.Raw(body)));

    public void SendLarge(int from, byte type, byte[] body) => Node.Receive(
        new Link(Lone.At(from), LinkKind.Stream),
        Lone.Packet(Lone.Id(from), MapFrame.Protocol, type, b => b.Raw(body)));

    /// <summary>What the node sent of this protocol since the last look.</summary>
    public List<(NodeAddress To, byte Type, byte[] Body)> Sent(byte type = 0)
    {
        var frames = new List<(NodeAddress, byte, byte[])>();
        for (; _read < Node.Sent.Count; _read++)
        {
            var (to, packet, _) = Node.Sent[_read];
            var reader = new WireReader(packet.AsSpan(Envelope.SizeBytes));
            while (Frame.TryRead(ref reader, out var protocol, out var kind, out var body))
            {
                if (protocol == MapFrame.Protocol && (type == 0 || kind == type))
                {
                    frames.Add((to.Address, kind, body.ToArray()));
                }
            }
        }

        return frames;
    }

    public static void WriteName(ref WireWriter writer, string name)
    {
        writer.WriteByte((byte)name.Length);
        writer.WriteBytes(System.Text.Encoding.UTF8.GetBytes(name));
    }

    /// <summary>A heartbeat of one map.</summary>
    public void Beat(int from, string name, Heartbeat beat) => Send(from, MapFrame.Beat, (ref WireWriter writer) =>
    {
        writer.WriteByte(0);
        writer.WriteByte(1);
        WriteName(ref writer, name);
        beat.Write(ref writer);
    });

    public void Ask(int from, ulong nonce, PullMode mode, CausalContext? told = null, string name = "m") =>
        Send(from, MapFrame.Ask, (ref WireWriter writer) =>
        {
            writer.WriteUInt64(nonce);
            WriteName(ref writer, name);
            writer.WriteByte((byte)mode);
            if (mode == PullMode.Context)
            {
                ContextCodec.Write(ref writer, told ?? CausalContext.Empty);
            }
            else if (mode == PullMode.Brief)
            {
                BriefContext.TryWrite(ref writer, told ?? CausalContext.Empty, FoldParts.All, default);
            }
        });

    /// <summary>Makes the node begin an exchange with a peer; returns its number.</summary>
    public ulong BeginPull(int from, bool isTrusted = true)
    {
        Sent();
        Beat(from, "m", new Heartbeat(1, 2, 3, isTrusted, KnowsBrief: false));
        return new WireReader(Assert.Single(Sent(MapFrame.Ask)).Body).ReadUInt64();
    }
}
