using CsCheck;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Sampling.Exchange;

namespace Hearsay.Protocols.Tests.Aggregation;

public sealed class HostileAggregationTests
{
    [Fact]
    public void Random_bytes_are_counted_and_hurt_nobody()
    {
        var swarm = new AggregationSwarm(10);
        FootprintTests.Define(swarm, 8);
        swarm.RunToEpoch(2);
        var member = swarm[0];
        Gen.Select(Gen.Byte[0, 8], Gen.Byte.Array[0, 400]).Sample((type, bytes) =>
        {
            AggregationScenarios.Inject(swarm, 0, AggregationScenarios.Packet(type, bytes));
            AssertSound(member);
        }, threads: 1);
        Assert.True(member.Protocol.Counters.Malformed > 0);
    }

    [Fact]
    public void Mutated_messages_are_counted_and_hurt_nobody()
    {
        var swarm = new AggregationSwarm(10);
        FootprintTests.Define(swarm, 8);
        swarm.RunToEpoch(2);
        var bodies = new List<(byte Type, byte[] Body)>();
        foreach (var other in swarm.Members)
        {
            other.Node.OnSend = (_, packet) =>
            {
                var (protocol, type, body) = Swarm.FirstFrame(packet);
                if (protocol == AggregationProtocol.ProtocolId && bodies.Count < 500)
                {
                    bodies.Add((type, body));
                }
            };
        }

        swarm.Network.Run(10 * AggregationSwarm.Cycle);
        var changes = Gen.Select(Gen.Int[0, bodies.Count - 1], Gen.Int[0, 2000], Gen.Byte, Gen.Int[0, 400]);
        changes.Sample((which, where, value, cut) =>
        {
            var (type, body) = bodies[which];
            body = [.. body.AsSpan(0, Math.Max(0, body.Length - (cut > 100 ? 0 : cut)))];
            if (body.Length > 0)
            {
                body[where % body.Length] = value;
            }

            AggregationScenarios.Inject(swarm, 0, AggregationScenarios.Packet(type, body));
            AssertSound(swarm[0]);
        }, threads: 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void A_vector_of_another_length_changes_nothing_and_is_counted(int cells)
    {
        var swarm = new AggregationSwarm(10);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.RunToEpoch(2);
        var before = swarm[3].Cells(id).ToArray();
        var writer = new WireWriter(new byte[900]);
        new AggregationHeader(77, 2, TimeSpan.Zero, 0).Write(ref writer);
        writer.WriteByte(0);
        writer.WriteLength(2);
        foreach (var aggregate in (ulong[])[id, id + 1])
        {
            // The second one is of an aggregate that nobody knows.
            writer.WriteUInt64(aggregate);
            writer.WriteByte(0);
            writer.WriteByte((byte)AggregatePart.Whole);
            writer.WriteLength(cells * sizeof(double));
            for (var i = 0; i < cells; i++)
            {
                writer.WriteDouble(1000);
            }
        }

        AggregationScenarios.Inject(
            swarm, 3, AggregationScenarios.Packet(AggregationMessage.Request, writer.Written));
        Assert.Equal(before, swarm[3].Cells(id).ToArray());
        // No value at all is what a relay sends before it takes part.
        Assert.Equal(cells == 0 ? 0 : 1, swarm[3].Protocol.Counters.StatesRefused);
        swarm.RunToSettling();
        Assert.Equal(45, swarm.Members.Sum(m => m.Cells(id)[1]), 1e-9);
        AssertSound(swarm[3]);
    }

    /// <summary>Whoever is asked under a false id has exchanged all the same.</summary>
    [Fact]
    public void Descriptors_of_invented_ids_at_addresses_of_members_draw_no_repetitions_and_take_nothing_away()
    {
        var swarm = new AggregationSwarm(10);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.RunToEpoch(3);
        var before = swarm.Members.Sum(m => m.Protocol.Counters.Retries);
        for (var cycle = 0; cycle < 20; cycle++)
        {
            foreach (var member in swarm.Members)
            {
                var named = Enumerable.Range(0, 8).Select(other => new Lone.Entry(
                    Lone.Id(4000 + (8 * cycle) + other), 1, 0, new NodeAddresses(swarm[(member.Index + 1 + other) % 10]
                        .Node.Address))).ToArray();
                swarm.Network.Inject(
                    member.Node, new Link(swarm[(member.Index + 1) % 10].Node.Address, LinkKind.Datagram),
                    Lone.Packet(Lone.Id(3999), SamplingMessage.Request, body => body
                        .UInt64((ulong)((100 * cycle) + member.Index)).Id(member.Node.Core.Self.Id)
                        .Byte((byte)ExchangeMode.Push).Byte((byte)named.Length).Entries(named)));
            }

            swarm.Network.Run(AggregationSwarm.Cycle);
        }

        swarm.RunToSettling();
        Assert.True(swarm.Members.Sum(m => m.Node.Core.Counters.ExchangesMisdirected) > 50);
        Assert.Equal(0, swarm.Members.Sum(m => m.Protocol.Counters.Retries) - before);
        Assert.Equal(0, swarm.Members.Sum(m => m.Protocol.Counters.StrayAnswers));
        Assert.Null(AggregationScenarios.SumIsConserved(swarm, id, 1e-9));
    }

    /// <summary>
    /// As often as the first tries and one a cycle, however often somebody brings it back to the views, under its own
    /// id or under ever others.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dead_node_that_is_named_again_and_again_is_asked_once_a_cycle_by_each(bool underOtherIds)
    {
        const int Cycles = 20;
        var swarm = new AggregationSwarm(4);
        swarm.RunToEpoch(3);
        var dead = swarm[3].Node;
        swarm.Network.Kill(dead);
        var asked = new int[3];
        for (var i = 0; i < asked.Length; i++)
        {
            var asker = i;
            swarm[i].Node.OnSend = (to, packet) => asked[asker] += to.Address == dead.Address
                && Swarm.FirstFrame(packet).Protocol == AggregationProtocol.ProtocolId ? 1 : 0;
        }

        for (var tenth = 0; tenth < 10 * Cycles; tenth++)
        {
            foreach (var node in swarm.Up.Select(m => m.Node))
            {
                var id = underOtherIds ? Lone.Id(4000 + tenth) : dead.Core.Self.Id;
                var named = new Lone.Entry(id, (ulong)(2 + tenth), 0, new NodeAddresses(dead.Address));
                swarm.Network.Inject(
                    node, new Link(swarm[node.Index == 0 ? 1 : 0].Node.Address, LinkKind.Datagram),
                    Lone.Packet(Lone.Id(3999), SamplingMessage.Request, body => body
                        .UInt64((ulong)((10 * tenth) + node.Index)).Id(node.Core.Self.Id)
                        .Byte((byte)ExchangeMode.Push).Byte(1).Entries(named)));
            }

            swarm.Network.Run(AggregationSwarm.Cycle / 10);
        }

        Swarm.Say($"Asked {string.Join(", ", asked)} times in {Cycles} cycles.");
        // Waits of 20 ms three times, and from then on twice as long each time up to a cycle.
        Assert.All(asked, times => Assert.InRange(times, Cycles / 2, Cycles + 9));
    }

    [Fact]
    public void A_stream_of_early_epochs_from_a_stranger_moves_nobody_before_time()
    {
        var swarm = new AggregationSwarm(20);
        swarm.RunToEpoch(2);
        for (var cycle = 0; cycle < 300; cycle++)
        {
            var next = swarm.Members.Max(m => m.Protocol.Epoch) + 1;
            var header = new AggregationHeader((ulong)cycle, next, TimeSpan.Zero, 0);
            AggregationScenarios.Inject(
                swarm, cycle % 20, AggregationScenarios.Message(AggregationMessage.Request, header, 0, 0));
            swarm.Network.Run(AggregationSwarm.Cycle);
        }

        // Ten epochs pass without it, eleven of those that end two cycles early; unhindered it would be three hundred.
        var epochs = swarm.Members.Max(m => m.Protocol.Epoch);
        var completed = swarm.Members.Min(m => m.Protocol.Counters.Epochs);
        Swarm.Say($"{epochs} epochs, of which every node completed {completed} or more");
        Assert.InRange(epochs, 10, 13);
        Assert.True(swarm.Members.Sum(m => m.Protocol.Counters.EarlyEpochs) > 100);
        Assert.InRange(completed, epochs - 2, epochs);
    }

    [Fact]
    public void A_node_in_an_epoch_that_nobody_even_reads_finds_back()
    {
        var swarm = new AggregationSwarm(20);
        swarm.RunToEpoch(2);
        var joiner = swarm.Add();
        // Its messages are malformed to all others, which say nothing at all.
        joiner.Protocol.Clock.Join(EpochClock.LastEpoch + 5, TimeSpan.Zero, joiner.Node.LocalNow);
        swarm.Network.Run(90 * AggregationSwarm.Cycle);
        Assert.InRange(joiner.Protocol.Epoch, 2, 10);
        Assert.Equal(EpochPhase.Running, joiner.Protocol.Phase);
    }

    [Fact]
    public void A_joiner_that_was_lied_to_finds_back()
    {
        var swarm = new AggregationSwarm(20);
        swarm.RunToEpoch(2);
        var joiner = swarm.Add();
        joiner.Protocol.Clock.Join(1L << 40, TimeSpan.Zero, joiner.Node.LocalNow);
        swarm.Network.Run(70 * AggregationSwarm.Cycle);
        Assert.InRange(joiner.Protocol.Epoch, 2, 10);
        Assert.Equal(EpochPhase.Running, joiner.Protocol.Phase);
        Assert.True(joiner.Protocol.Counters.Rejoins >= 1);
    }

    private static void AssertSound(AggregationSwarm.Member member)
    {
        Assert.Equal(0, member.Node.Core.Counters.ProtocolFaults);
        Assert.InRange(member.Protocol.Table.Slots.Length, 0, 32);
        Assert.InRange(member.Protocol.Leaders.Count, 0, 32);
        Assert.InRange(member.Protocol.Epoch, 1, 40);
        foreach (var slot in member.Protocol.Table.Slots)
        {
            Assert.False(double.IsInfinity(slot.State.Value));
        }
    }
}
