using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Rumors;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;
using static Hearsay.Protocols.Tests.Node.Guard.WholeNodes;
using RumorMongering = Hearsay.Protocols.Rumors.RumorProtocol;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// Clause 3 of the rule: a member plants as much as it can of everything that others keep and pass on, and then
/// falls silent. What that costs every honest node from then on is bounded.
/// </summary>
public sealed class PlantedStateTests
{
    private const int Nodes = 6;

    /// <summary>While it plants, and while that is counted afterwards.</summary>
    private const int PlantCycles = 10;

    private const int CountedCycles = 10;

    /// <summary>
    /// What each kind may cost an honest node, in bytes a second in datagrams and over streams: definitions the four
    /// datagrams a cycle that nodes send of all that only others want, and answers to some of those; rumors at most
    /// what their contacts, five a second, can hold in both directions; publishers what four frames of digests hold.
    /// </summary>
    [Theory]
    [InlineData("descriptors", 1_000)]
    [InlineData("definitions", 6_000)]
    [InlineData("rumors", 40_000)]
    [InlineData("publishers", 10_000)]
    public void What_a_member_plants_costs_every_node_no_more_than_so_many_bytes_a_cycle(string what, int most)
    {
        var (nodes, twin) = (Make(), Make());
        var planter = new Planter(nodes);
        for (var cycle = 0; cycle < PlantCycles; cycle++)
        {
            planter.Plant(what);
            Array.ForEach([nodes, twin], static all => all.Run(1));
        }

        Array.ForEach([nodes, twin], static all => { all.Run(2); all.Sent.Clear(); all.Run(CountedCycles); });
        Assert.True(planter.Planted > 500, $"Planted {planter.Planted}.");
        if (what == "definitions")
        {
            // More than the five that the nodes define themselves.
            Assert.All(nodes.Members.Skip(1), member => Assert.True(member.Aggregation.Table.Slots.Length > 8));
            Assert.All(nodes.Members.Skip(1), static member => Assert.True(7 <= member.Aggregation.Table.Slots.ToArray()
                .Count(static slot => slot is { IsLocal: false, IsActive: true, State.IsBlank: false })));
        }

        foreach (var (with, without) in PerCycle(nodes).Zip(PerCycle(twin)))
        {
            Swarm.Say($"{what}: {with:f0} bytes a cycle, {without:f0} without");
            Assert.True(with - without <= most, $"{what}: {with:f0} bytes a cycle, {without:f0} without");
        }
    }

    private static WholeNodes Make()
    {
        var nodes = new WholeNodes(Nodes, network: new VirtualNetworkOptions { Seed = 3, KeepsNotices = false })
        {
            Asks = false,
        };
        nodes.Run(35);
        return nodes;
    }

    private static IEnumerable<double> PerCycle(WholeNodes nodes) => nodes.Members.Select(member => nodes.Sent
        .Where(sending => sending.From == member.Node)
        .Sum(static sending => (double)sending.Packet.Length) / CountedCycles);

    /// <summary>Speaks in the name and from the address of a node that all others know.</summary>
    private sealed class Planter(WholeNodes nodes)
    {
        private ulong _number;

        private VirtualNode Member => nodes.Members[0].Node;

        private NodeId Id => Member.Core.Self.Id;

        public int Planted { get; private set; }

        public void Plant(string what)
        {
            foreach (var target in nodes.Members.Skip(1).Select(static member => member.Node))
            {
                Assert.True(target.Core.State.Guard.IsProven(Member.Address, target.LocalNow));
                switch (what)
                {
                    case "descriptors":
                        Descriptors(target);
                        break;
                    case "definitions":
                        Definitions(target);
                        Values(target);
                        break;
                    case "rumors":
                        Say(target);
                        break;
                    default:
                        Publishers(target);
                        break;
                }
            }
        }

        private IReadOnlyList<Sending> Hit(VirtualNode target, byte[] packet) =>
            nodes.Inject(target, Member.Address, packet);

        private void Descriptors(VirtualNode target)
        {
            for (var packet = 0; packet < 20; packet++)
            {
                Lone.Entry[] entries = [.. Enumerable.Range(0, 12).Select(_ => Lone.Of((int)(4000 + _number++)))];
                Hit(target, Lone.Packet(Id, SamplingMessage.Request, body => body
                    .UInt64(_number).Id(target.Core.Self.Id).Byte((byte)ExchangeMode.Push).Byte(12).Entries(entries)));
                Planted += entries.Length;
            }
        }

        /// <summary>Names aggregates until the node asks what they are, and tells it.</summary>
        private void Definitions(VirtualNode target)
        {
            for (var packet = 0; packet < 10; packet++)
            {
                var byId = Enumerable.Range(0, 8)
                    .Select(_ => Sketch(_number++))
                    .ToDictionary(AggregateDefinitionCodec.IdOf);
                Planted += byId.Count;
                var named = Lone.Packet(Id, AggregationProtocol.ProtocolId, AggregationMessage.Request, body =>
                {
                    body.UInt64(_number).UInt64(1).Zeros(5).Byte(0).UInt16(0x8000 + byId.Count);
                    foreach (var id in byId.Keys)
                    {
                        body.UInt64(id).Byte(0).Byte((byte)AggregatePart.Whole).UInt16(0x8000);
                    }

                    body.Zeros(300);
                });
                foreach (var (protocol, type, answer) in Hit(target, named).SelectMany(static sent => sent.Frames()))
                {
                    if (protocol == AggregationProtocol.ProtocolId && type == AggregationMessage.Information)
                    {
                        Tell(target, byId, answer);
                    }
                }
            }
        }

        /// <summary>Every second is as large as one may be, the others fit a datagram.</summary>
        private static AggregateDefinition Sketch(ulong number) =>
            new($"bomb{number}", AggregateKind.ExtremaSum) { Precision = number % 2 == 0 ? 4096 : null };

        private void Tell(VirtualNode target, Dictionary<ulong, AggregateDefinition> byId, byte[] answer)
        {
            var reader = new WireReader(answer.AsSpan(AggregationMessage.HeaderBytes + 16));
            var count = reader.ReadByte();
            var token = count > 0 ? reader.ReadUInt64() : 0;
            for (var i = 0; i < count; i++)
            {
                var definition = byId[reader.ReadUInt64()];
                var bytes = new WireWriter(new byte[AggregateDefinitionCodec.MaximumBytes]);
                AggregateDefinitionCodec.Write(ref bytes, definition);
                var told = bytes.Written.ToArray();
                Hit(target, Lone.Packet(Id, AggregationProtocol.ProtocolId, AggregationMessage.Definitions, body => body
                    .UInt64(token).UInt64(2).Zeros(5).Byte(1).Byte(0).Byte((byte)told.Length).Raw(told)));
            }
        }

        /// <summary>An empty sketch is not passed on: each gets a value.</summary>
        private void Values(VirtualNode target)
        {
            var aggregation = nodes.Members[target.Index].Aggregation;
            foreach (var slot in aggregation.Table.Slots.ToArray().Where(static slot => slot is
                { IsLocal: false, IsActive: true, State: ExtremaState }))
            {
                var sketch = new ExtremaState(slot.Definition);
                Assert.True(sketch.TryContribute(new AggregateInput(1) { Seed = _number++ }));
                var state = new WireWriter(new byte[sketch.MaximumBytes]);
                sketch.WriteRequest(ref state);
                var bytes = state.Written.ToArray();
                var request = Lone.Packet(Id, AggregationProtocol.ProtocolId, AggregationMessage.Request, body => body
                    .UInt64(_number).UInt64((ulong)aggregation.Epoch).Zeros(5).Byte(0).UInt16(0x8001)
                    .UInt64(slot.Id).Byte(0).Byte((byte)slot.Part).UInt16(0x8000 | bytes.Length).Raw(bytes).Zeros(300));
                nodes.Network.Inject(target, new Link(Member.Address, LinkKind.Stream), request);
                Assert.False(slot.State.IsBlank);
            }
        }

        private void Say(VirtualNode target)
        {
            for (var packet = 0; packet < 20; packet++)
            {
                Hit(target, Lone.Packet(Id, RumorMongering.FrameId, RumorMessage.Rumors, body => body
                    .UInt64(_number).Byte(0).Byte(1).Id(new NodeId(0xBB, ++_number)).UInt64(1).UInt16(0).UInt16(1)
                    .UInt16(0).Byte(0).UInt16(900).Zeros(900)));
                Planted++;
            }
        }

        /// <summary>Messages of invented publishers, each of another, over the link if there is one.</summary>
        private void Publishers(VirtualNode target)
        {
            var theirs = nodes.Members[target.Index].Links;
            for (var slot = 0; slot < theirs.Capacity; slot++)
            {
                if ((theirs.Up & (1u << slot)) == 0 || theirs[slot].Id != Id)
                {
                    continue;
                }

                var link = theirs.LinkNumber(slot);
                for (var packet = 0; packet < 90; packet++, Planted++)
                {
                    var message = new byte[MessageFrame.HeaderBytes + 300];
                    MessageFrame.Write(
                        message, new SourceKey(new NodeId(0xCC, ++_number), 1), 1, 0, default, new byte[300]);
                    Hit(target, Lone.Packet(Id, BroadcastFrame.Protocol, BroadcastFrame.Message, body => body
                        .UInt64(link).Raw(message)));
                }
            }
        }
    }
}
