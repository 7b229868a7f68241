using System.Buffers.Binary;
using System.Text;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Broadcast;

/// <summary>
/// Whole nodes with sampling, neighbours and broadcast behind real records or sessions, in simulated time. Some are
/// members that change what passes them, and repeat it later.
/// </summary>
internal sealed class TopicsNet
{
    private readonly SeededIdentities _cluster = new();
    private readonly bool _isSigned;

    /// <param name="nodes">How many nodes publish and read.</param>
    /// <param name="liars">How many more change what they pass on.</param>
    /// <param name="isSigned">Whether it is mode identity; mode key otherwise.</param>
    public TopicsNet(int nodes, int liars, bool isSigned)
    {
        _isSigned = isSigned;
        for (var i = 0; i < nodes + liars; i++)
        {
            Add(isLiar: i >= nodes);
            Run(seconds: .05);
        }

        Run(seconds: 20);
    }

    public VirtualNetwork Network { get; } = new(new VirtualNetworkOptions { Seed = 7, Loss = .01 });

    public List<BroadcastProtocol> Broadcasts { get; } = [];

    public List<NeighboursProtocol> Neighbours { get; } = [];

    public List<Reader> Readers { get; } = [];

    public List<Liar> Liars { get; } = [];

    /// <summary>By how much wall clocks are ahead, in seconds: time that the network slept through.</summary>
    public long Slept { get; set; }

    public void Run(double seconds) => Network.Run(TimeSpan.FromSeconds(seconds));

    public VirtualNode Add(bool isLiar = false)
    {
        var neighbours = new NeighboursProtocol();
        IProtocol second;
        if (isLiar)
        {
            Liars.Add(new Liar(neighbours));
            second = Liars[^1];
        }
        else
        {
            var reader = new Reader();
            Readers.Add(reader);
            Broadcasts.Add(new BroadcastProtocol(
                new BroadcastOptions { EagerPayloadBytes = 1024 }, neighbours, reader));
            Neighbours.Add(neighbours);
            second = Broadcasts[^1];
        }

        var number = Network.Nodes.Count + 1;
        return Network.Add(configure: options => With(options, number) with { Protocols = [neighbours, second] });
    }

    /// <summary>A node begins a new life, and remembers nothing.</summary>
    public Reader Restart(int node)
    {
        var neighbours = new NeighboursProtocol();
        var reader = new Reader();
        Readers[node] = reader;
        Broadcasts[node] = new BroadcastProtocol(new BroadcastOptions(), neighbours, reader);
        Network.Kill(Network.Nodes[node]);
        Network.Restart(
            Network.Nodes[node],
            options => With(options, node + 1, options.Self.Incarnation) with
            {
                Protocols = [neighbours, Broadcasts[node]],
            });
        return reader;
    }

    public void Publish(int node, string text) => Publish(node, Encoding.UTF8.GetBytes(text));

    public void Publish(int node, byte[] payload) => Network.Command(Network.Nodes[node], (core, now) => core.Post(
        now, BroadcastFrame.Protocol, new PublishCommand("news"u8.ToArray(), payload)));

    public void Repeat() => Network.Nodes.Skip(Readers.Count).ToList().ForEach(
        node => Network.Command(node, (core, now) => core.Post(now, BroadcastFrame.Protocol, "repeat")));

    public long Sum(Func<BroadcastCounters, long> counter) => Broadcasts.Sum(one => counter(one.Counters));

    private NodeCoreOptions With(NodeCoreOptions options, int number, ulong incarnation = 1)
    {
        if (!_isSigned)
        {
            return options with { Security = SeededCipher.Security((ulong)number) };
        }

        var security = _cluster.Security(
            number, wall: now => SeededIdentities.Epoch + Slept + (now.Ticks / TimeSpan.TicksPerSecond));
        return options with
        {
            Identity = security,
            Self = new SelfDescription(security.Keys.Id, incarnation, options.Self.Addresses, []),
        };
    }

    /// <summary>What a node was handed.</summary>
    internal sealed class Reader : IBroadcastSink
    {
        public List<(NodeId Origin, byte[] Payload)> All { get; } = [];

        public IEnumerable<string> Texts => All.Select(one => Encoding.UTF8.GetString(one.Payload));

        public void Deliver(in BroadcastMessage message) => All.Add((message.Origin, message.Payload.ToArray()));

        public void Lost(in BroadcastLoss loss)
        {
        }
    }

    /// <summary>A member that changes the first byte of each payload that passes it, and tells all its neighbours.
    /// </summary>
    internal sealed class Liar(NeighboursProtocol neighbours) : IProtocol
    {
        private readonly List<byte[]> _kept = [];
        private readonly HashSet<BroadcastId> _seen = [];

        public byte Id => BroadcastFrame.Protocol;

        public int Sent { get; private set; }

        /// <summary>Whether it only keeps what passes.</summary>
        public bool IsQuiet { get; set; }

        public void Start(IProtocolContext context)
        {
        }

        public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
        {
            // Once each: liars that tell each other would never end.
            if (type != BroadcastFrame.Message
                || !MessageFrame.TryRead(body[BroadcastFrame.LinkBytes..], out var frame)
                || frame.Payload[0] == (byte)'!' || !_seen.Add(BroadcastId.Of(frame.Source, frame.Unchanging)))
            {
                return;
            }

            _kept.Add(body.ToArray());
            var changed = body.ToArray();
            changed[BroadcastFrame.LinkBytes + MessageFrame.HeaderBytes + frame.Topic.Length] = (byte)'!';
            if (!IsQuiet)
            {
                TellAll(context, changed);
            }
        }

        public void OnCommand(IProtocolContext context, object command)
        {
            foreach (var message in _kept)
            {
                // As if it were new.
                MessageFrame.Stamp(message.AsSpan(BroadcastFrame.LinkBytes), 0, 1, 0);
                TellAll(context, message);
            }
        }

        private void TellAll(IProtocolContext context, byte[] message)
        {
            for (var slot = 0; slot < neighbours.Capacity; slot++)
            {
                if (neighbours.LinkNumber(slot) is not 0 and var number)
                {
                    BinaryPrimitives.WriteUInt64BigEndian(message, number);
                    Sent += context.Send(neighbours[slot], BroadcastFrame.Message, message) ? 1 : 0;
                }
            }
        }
    }
}
