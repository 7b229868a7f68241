using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Aggregation.Definitions;

/// <summary>What others define: taken only if asked for, and bounded in what it costs.</summary>
public sealed class DefinitionBombTests
{
    private const int Sketches = 3;

    private static readonly TimeSpan Cycle = AggregationSwarm.Cycle;

    private static AggregateDefinition Sketch(int number) =>
        new($"bomb{number}", AggregateKind.ExtremaSum) { Precision = 4096 };

    [Fact]
    public void Definitions_that_nobody_asked_for_are_refused()
    {
        var swarm = new AggregationSwarm(10);
        swarm.RunToEpoch(2);
        foreach (var member in swarm.Members)
        {
            var bomb = Definitions(7, [.. Enumerable.Range(0, Sketches).Select(Sketch)]);
            AggregationScenarios.Inject(
                swarm, member.Index, AggregationScenarios.Packet(AggregationMessage.Definitions, bomb));
        }

        swarm.Network.Run(5 * Cycle);
        Assert.All(swarm.Members, m => Assert.True(m.Protocol.Table.Slots.IsEmpty));
        Assert.All(swarm.Members, m => Assert.Equal(Sketches, m.Protocol.Counters.DefinitionsUnasked));
    }

    [Fact]
    public void What_was_asked_for_is_taken_from_who_was_asked_and_once()
    {
        var wants = new OpenWants();
        var (asked, other) = (new NodeId(1, 1), new NodeId(1, 2));
        wants.Add(asked, 77, 5);
        Assert.False(wants.TryTake(other, 77, 5));
        Assert.False(wants.TryTake(asked, 78, 5));
        Assert.False(wants.TryTake(asked, 77, 6));
        Assert.False(wants.TryTake(NodeId.None, 0, 0));
        Assert.True(wants.TryTake(asked, 77, 5));
        Assert.False(wants.TryTake(asked, 77, 5));
        for (var i = 0ul; i < 2 * OpenWants.Capacity; i++)
        {
            wants.Add(asked, i, i);
        }

        Assert.False(wants.TryTake(asked, 3, 3));
        Assert.True(wants.TryTake(asked, OpenWants.Capacity + 3, OpenWants.Capacity + 3));
    }

    [Fact]
    public void Whoever_is_asked_fills_the_table_and_what_the_node_wants_itself_finds_room()
    {
        var swarm = new AggregationSwarm(3);
        swarm.RunToEpoch(2);
        var planted = Plant(swarm, 0, [.. Enumerable.Range(0, 200).Select(
            i => new AggregateDefinition($"flood{i}", AggregateKind.Average))]);
        var table = swarm[0].Protocol.Table;
        Assert.Equal(32, planted);
        for (var i = 0; i < 32; i++)
        {
            swarm.Define(new AggregateDefinition($"own{i}", AggregateKind.Average), 0);
        }

        Assert.Equal(32, table.Slots.Length);
        Assert.All(table.Slots.ToArray(), slot => Assert.True(slot.IsLocal));
    }

    [Fact]
    public void Large_states_that_others_defined_have_a_share_of_the_room()
    {
        var swarm = new AggregationSwarm(3);
        swarm.RunToEpoch(2);
        Plant(swarm, 0, [.. Enumerable.Range(0, 30).Select(Sketch)]);
        var bytes = swarm[0].Protocol.Table.Slots.ToArray().Sum(slot => slot.State.MaximumBytes);
        Assert.InRange(bytes, AggregateTable.MaximumForeignBytes / 2, AggregateTable.MaximumForeignBytes);
    }

    /// <summary>Before, each node sent 48 KB a cycle for three of them.</summary>
    [Fact]
    public void A_node_sends_a_few_datagrams_a_cycle_for_all_that_only_others_want()
    {
        var swarm = new AggregationSwarm(10, value: (i, _) => 1000 + i);
        swarm[0].HasValues = true;
        foreach (var member in swarm.Members.Skip(1))
        {
            member.HasValues = false;
        }

        var ids = Enumerable.Range(0, Sketches).Select(i => swarm.Define(Sketch(i), 0)).ToArray();
        swarm.RunToEpoch(3);
        var (epoch, sent) = (swarm[0].Protocol.Epoch, new long[10]);
        foreach (var member in swarm.Members)
        {
            member.Node.OnSend = (_, packet) => sent[member.Index] +=
                Swarm.FirstFrame(packet) is { Protocol: AggregationProtocol.ProtocolId } frame
                && frame.Type == AggregationMessage.Request ? packet.Length : 0;
        }

        swarm.Network.Run(26 * Cycle);
        Assert.Equal(epoch, swarm[0].Protocol.Epoch);
        // Everybody knows them, has what the one node that wants them gives, and passes it on.
        Assert.All(swarm.Members, m => Assert.All(ids, id => Assert.Equal(
            1000, m.Protocol.Table.Find(id)!.State.Value, 100.0)));
        var perCycle = sent.Skip(1).Average() / 26;
        Swarm.Say($"{perCycle:f0} bytes a cycle of who passes on, {sent[0] / 26.0:f0} of who wants");
        Assert.InRange(perCycle, 500, 6_000);
        Assert.True(sent[0] / 26.0 > 20_000);
    }

    [Fact]
    public void A_blank_sketch_is_not_sent_by_who_only_passes_it_on()
    {
        var swarm = new AggregationSwarm(10);
        foreach (var member in swarm.Members)
        {
            member.HasValues = false;
        }

        var ids = Enumerable.Range(0, Sketches).Select(i => swarm.Define(Sketch(i), 0)).ToArray();
        swarm.RunToEpoch(3);
        swarm[0].Command(new AggregationCommand.Release(ids[0]));
        swarm[0].Command(new AggregationCommand.Release(ids[1]));
        swarm[0].Command(new AggregationCommand.Release(ids[2]));
        var largest = 0;
        foreach (var member in swarm.Members)
        {
            member.Node.OnSend = (_, packet) => largest = Math.Max(largest, packet.Length);
        }

        swarm.Network.Run(20 * Cycle);
        Assert.All(swarm.Members, m => Assert.All(ids, id => Assert.NotNull(m.Protocol.Table.Find(id))));
        Assert.InRange(largest, 100, Envelope.MaximumDatagramBytes);
    }

    /// <summary>
    /// Names aggregates to a node until it asks what they are, and tells it: from an address where answers arrive.
    /// </summary>
    /// <returns>How many it took.</returns>
    private static int Plant(AggregationSwarm swarm, int at, AggregateDefinition[] definitions)
    {
        var asked = new List<(ulong Token, ulong[] Ids)>();
        swarm[at].Node.OnSend = (_, packet) =>
        {
            var (_, type, body) = Swarm.FirstFrame(packet);
            if (type == AggregationMessage.Information)
            {
                var reader = new WireReader(body.AsSpan(AggregationMessage.HeaderBytes + 16));
                var count = reader.ReadByte();
                var token = count > 0 ? reader.ReadUInt64() : 0;
                asked.Add((token, new ulong[count]));
                for (var i = 0; i < count; i++)
                {
                    asked[^1].Ids[i] = reader.ReadUInt64();
                }
            }
        };
        var byId = definitions.ToDictionary(AggregateDefinitionCodec.IdOf);
        foreach (var some in byId.Keys.Chunk(8))
        {
            asked.Clear();
            AggregationScenarios.Inject(swarm, at, Naming(some));
            foreach (var (token, ids) in asked.Where(a => a.Ids.Length > 0).ToArray())
            {
                var told = Definitions(token, [.. ids.Select(id => byId[id])]);
                AggregationScenarios.Inject(
                    swarm, at, AggregationScenarios.Packet(AggregationMessage.Definitions, told));
            }
        }

        swarm[at].Node.OnSend = null;
        return swarm[at].Protocol.Table.Slots.Length;
    }

    /// <summary>A request of an epoch that has passed, which is answered with nothing but what is wanted.</summary>
    private static byte[] Naming(ulong[] ids)
    {
        var writer = new WireWriter(new byte[AggregationMessage.DatagramBytes]);
        new AggregationHeader(1, 1, TimeSpan.Zero, 0).Write(ref writer);
        writer.WriteByte(0);
        writer.WriteLength(ids.Length);
        foreach (var id in ids)
        {
            writer.WriteUInt64(id);
            writer.WriteByte(0);
            writer.WriteByte((byte)AggregatePart.Whole);
            writer.WriteLength(0);
        }

        writer.WriteZeros(100);
        return AggregationScenarios.Packet(AggregationMessage.Request, writer.Written);
    }

    private static byte[] Definitions(ulong token, AggregateDefinition[] definitions)
    {
        var writer = new WireWriter(new byte[AggregationMessage.DatagramBytes]);
        new AggregationHeader(token, 2, default, 0).Write(ref writer);
        writer.WriteByte((byte)definitions.Length);
        foreach (var definition in definitions)
        {
            writer.WriteByte(0);
            var bytes = new WireWriter(new byte[AggregateDefinitionCodec.MaximumBytes]);
            AggregateDefinitionCodec.Write(ref bytes, definition);
            writer.WriteLength(bytes.Position);
            writer.WriteBytes(bytes.Written);
        }

        return writer.Written.ToArray();
    }
}
