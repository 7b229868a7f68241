using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.PushPull;

/// <summary>The room of a node's aggregates is shared by all of them.</summary>
public sealed class AggregateTableTests
{
    private static readonly AggregateDefinition Wide = new("wide", AggregateKind.Quantiles);

    [Fact]
    public void What_a_node_wants_itself_has_the_room_of_four_messages()
    {
        var table = new AggregateTable(32);
        var bytes = AggregateTable.BytesOf(Wide);
        var fit = AggregateTable.MaximumLocalBytes / bytes;
        for (var i = 0; i < fit; i++)
        {
            Assert.True(table.TryAdd(Slot($"q{i}", isLocal: true)));
        }

        Assert.InRange(fit, 8, 12);
        Assert.False(table.TryAdd(Slot("more", isLocal: true)));
    }

    [Fact]
    public void What_only_others_want_has_the_room_of_two_messages_and_takes_nobodys_place()
    {
        var table = new AggregateTable(8);
        var fit = AggregateTable.MaximumForeignBytes / AggregateTable.BytesOf(Wide);
        for (var i = 0; i < fit; i++)
        {
            Assert.True(table.TryAdd(Slot($"q{i}", isLocal: false)));
        }

        Assert.InRange(fit, 4, 6);
        Assert.False(table.TryAdd(Slot("more", isLocal: false)));
        for (var i = 0; i < 8; i++)
        {
            Assert.True(table.TryAdd(Slot($"own{i}", isLocal: true)));
        }

        Assert.Equal(8, table.Slots.Length);
        Assert.Equal(0, table.ForeignRoom);
        Assert.False(table.TryAdd(Slot("others", isLocal: false)));
    }

    [Fact]
    public void What_is_forgotten_is_told()
    {
        var forgotten = new List<ulong>();
        var table = new AggregateTable(2) { Forgotten = slot => forgotten.Add(slot.Id) };
        var (foreign, own) = (Slot("a", isLocal: false), Slot("b", isLocal: true));
        Assert.True(table.TryAdd(foreign));
        Assert.True(table.TryAdd(own));
        Assert.True(table.TryAdd(Slot("c", isLocal: true)));
        Assert.Equal([foreign.Id], forgotten);
    }

    /// <summary>Eight distributions, each so wide that two fill a message: they take turns.</summary>
    [Fact]
    public void States_that_do_not_fit_one_message_take_turns()
    {
        const int nodes = 30;
        var swarm = new AggregationSwarm(nodes, network: new VirtualNetworkOptions { KeepsNotices = false });
        var definitions = Enumerable.Range(0, 8).Select(i => Wide with { Name = $"wide{i}" }).ToArray();
        var ids = definitions.Select(swarm.DefineEverywhere).ToArray();
        foreach (var member in swarm.Members)
        {
            member.HasValues = false;
        }

        swarm.RunToEpoch(2);
        var random = new SeededRandom(5);
        foreach (var member in swarm.Members)
        {
            foreach (var id in ids)
            {
                double[] values = [.. Enumerable.Range(0, 2000).Select(
                    _ => Math.Exp((random.NextDouble() * 50) - 15))];
                member.Command(new AggregationCommand.ProvideValue(id, 2, new AggregateInput(0, Values: values)));
            }
        }

        swarm.RunToSettling();
        foreach (var id in ids)
        {
            var states = swarm.Members.Select(m => m.Protocol.Table.Find(id)!.State).ToArray();
            Assert.InRange(AggregationScenarios.Bytes(states[0]).Length, 9_000, 24_100);
            Assert.All(states, s => Assert.Equal(1, s.Contributors, 0.1));
            Assert.All(states, s => Assert.InRange(s.Value, Math.Exp(9), Math.Exp(11)));
        }

        Assert.All(swarm.Members, m => Assert.Equal(0, m.Protocol.Counters.Malformed));
    }

    private static AggregateSlot Slot(string name, bool isLocal)
    {
        var definition = Wide with { Name = name };
        return new(AggregateDefinitionCodec.IdOf(definition), definition, new VectorState(definition))
        {
            IsLocal = isLocal,
        };
    }
}
