using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>What is known before an epoch is over, and that the epoch's own result does not suffer from it.</summary>
public sealed class EarlyEstimateTests
{
    private static readonly TimeSpan Cycle = AggregationSwarm.Cycle;

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    public void What_is_defined_in_the_midst_of_an_epoch_has_an_estimate_after_some_cycles(int nodes)
    {
        var swarm = new AggregationSwarm(nodes);
        swarm.RunToEpoch(2);
        swarm.Network.Run(8 * Cycle);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        // Eight exchanges, of which a node begins one in a cycle and answers about as many.
        swarm.Network.Run(9 * Cycle);
        var mean = (nodes - 1) / 2.0;
        Assert.All(swarm.Members, m => Assert.Equal(AggregatePart.Early, m.Protocol.Table.Find(id)!.Part));
        Assert.All(swarm.Members, m => AssertCovers(mean, m.Last(id)));
        // Of the epoch it came late for there is no result, of the next there is.
        swarm.RunToEpoch(3);
        Assert.Empty(swarm.Finals(id, 2));
        swarm.RunToEpoch(4);
        Assert.Equal(nodes, swarm.Finals(id, 3).Count());
        Assert.All(swarm.Finals(id, 3), f => Assert.Equal(mean, f.Value, 1e-4 * mean));
    }

    [Fact]
    public void Who_comes_in_the_midst_of_an_epoch_looks_and_changes_nothing()
    {
        var swarm = new AggregationSwarm(40);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.RunToEpoch(2);
        swarm.Network.Run(10 * Cycle);
        var joiner = swarm.Add();
        swarm.Define(AggregationScenarios.Load, 40);
        swarm.Network.Run(4 * Cycle);
        Assert.Equal(EpochPhase.Waiting, joiner.Protocol.Phase);
        Assert.Equal(AggregatePart.Looking, joiner.Protocol.Table.Find(id)!.Part);
        AssertCovers(19.5, joiner.Last(id));
        Assert.False(joiner.Last(id).IsFinal);
        Assert.True(swarm.Members.Sum(m => m.Protocol.Counters.LooksGiven) >= 2);
        swarm.RunToSettling();
        var members = swarm.Members.Take(40).ToArray();
        Assert.Equal(780, members.Sum(m => m.Cells(id)[1]), 780 * 1e-12);
        Assert.Equal(40, members.Sum(m => m.Cells(id)[0]), 40 * 1e-12);
        swarm.RunToEpoch(4);
        Assert.All(swarm.Finals(id, 3), f => Assert.Equal(20, f.Value, 1e-4));
        Assert.Equal(41, swarm.Finals(id, 3).Count());
    }

    [Fact]
    public void Who_hears_in_the_first_half_of_an_epoch_takes_part_as_well_so_that_sums_are_right()
    {
        var swarm = new AggregationSwarm(60);
        swarm.RunToEpoch(2);
        swarm.Network.Run(1 * Cycle);
        swarm.Members.ToList().ForEach(m => m.HasValues = m.Index < 10);
        var sum = new AggregateDefinition("sum", AggregateKind.Sum);
        var id = swarm.Define(sum, [.. Enumerable.Range(0, 10)]);
        swarm.Network.Run(4 * Cycle);
        Assert.InRange(swarm.Members.Count(m => m.Protocol.Table.Find(id) is { Part: AggregatePart.Whole }), 10, 59);
        swarm.Network.Run(9 * Cycle);
        Assert.All(swarm.Members, m => Assert.Equal(AggregatePart.Whole, m.Protocol.Table.Find(id)!.Part));
        swarm.RunToSettling();
        Assert.Equal(45, swarm.Members.Sum(m => m.Cells(id)[1]), 45 * 1e-12);
        swarm.RunToEpoch(3);
        Assert.Equal(60, swarm.Finals(id, 2).Count(f => f.IsReady));
        Assert.All(swarm.Finals(id, 2), f => Assert.Equal(45, f.Value, 0.1));
    }

    [Fact]
    public void Who_hears_later_of_what_others_have_from_the_beginning_looks_at_it_and_changes_nothing()
    {
        var swarm = new AggregationSwarm(60);
        swarm.RunToEpoch(2);
        swarm.Network.Run(1 * Cycle);
        var late = swarm.Members.Skip(50).ToArray();
        Array.ForEach(late, m => swarm.Network.Pause(m.Node, 15 * Cycle));
        var id = swarm.Define(AggregationScenarios.Load, [.. Enumerable.Range(0, 10)]);
        swarm.Network.Run(22 * Cycle);
        var parts = swarm.Members.ToLookup(m => m.Protocol.Table.Find(id)!.Part);
        Swarm.Say(string.Join(", ", parts.Select(p => $"{p.Key} {p.Count()}")));
        Assert.Equal(50, parts[AggregatePart.Whole].Count());
        Assert.All(late, m => Assert.Equal(AggregatePart.Looking, m.Protocol.Table.Find(id)!.Part));
        Assert.All(late, m => AssertCovers(swarm[0].Last(id).Value, m.Last(id)));
        swarm.RunToSettling();
        var given = parts[AggregatePart.Whole].Sum(m => m.Cells(id)[0]);
        Assert.Equal(Math.Round(given), given, 1e-9);
        Assert.Empty(late.Select(m => m.Final(id, 2)).OfType<AggregateEstimate>());
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(40, 0)]
    [InlineData(40, 0.1)]
    public void Who_waits_for_the_next_epoch_takes_part_in_what_it_defines_itself(int nodes, double loss)
    {
        var swarm = new AggregationSwarm(nodes, network: new VirtualNetworkOptions { Loss = loss, Seed = 4 });
        swarm.RunToEpoch(2);
        swarm.Network.Run(6 * Cycle);
        var joiner = swarm.Add();
        swarm.Members.ToList().ForEach(m => m.HasValues = m == joiner);
        var id = swarm.Define(AggregationScenarios.Load, nodes);
        swarm.Network.Run(19 * Cycle);
        Assert.Equal(EpochPhase.Waiting, joiner.Protocol.Phase);
        Assert.All(swarm.Members, m => Assert.Equal(AggregatePart.Early, m.Protocol.Table.Find(id)!.Part));
        AssertCovers(nodes, joiner.Last(id));
        Assert.All(swarm.Members, m => Assert.True(m.Last(id).IsReady));
        Assert.All(swarm.Members, m => Assert.Equal(nodes, m.Last(id).Value, 0.02 * nodes));
        swarm.RunToSettling();
        // The joiner's value is shared by all, and nothing of it is lost; of the epoch's leaders it has none.
        Assert.Equal(nodes, swarm.Members.Sum(m => m.Cells(id)[1]), nodes * 1e-9);
        Assert.Equal(1, swarm.Members.Sum(m => m.Cells(id)[0]), 1e-9);
        Assert.Equal(0, joiner.Protocol.Leaders.Count);
        // No result of the epoch it did not take part in, not even for what is its own.
        swarm.RunToEpoch(3);
        Assert.Empty(swarm.Finals(id, 2));
        Assert.All(swarm.Members.Take(nodes), m => Assert.Equal(nodes, m.Protocol.NetworkSize!.Value, 0.1));
    }

    [Fact]
    public void A_count_of_who_waits_says_that_it_may_be_off_by_one_node()
    {
        var swarm = new AggregationSwarm(5);
        swarm.RunToEpoch(3);
        swarm.Network.Run(6 * Cycle);
        var joiner = swarm.Add();
        swarm.Members.ToList().ForEach(m => m.HasValues = m == joiner);
        var id = swarm.Define(new AggregateDefinition("yes", AggregateKind.Count), 5);
        swarm.Network.Run(15 * Cycle);
        Assert.Equal(EpochPhase.Waiting, joiner.Protocol.Phase);
        AssertCovers(1, joiner.Last(id));
        // One node of six.
        Assert.Equal(1, joiner.Last(id).Value, 0.01);
        Assert.InRange(joiner.Last(id).Error, 0.16, 0.3);
    }

    [Fact]
    public void A_sum_is_not_ready_while_most_partners_have_no_part_in_it_and_an_average_is()
    {
        var swarm = new AggregationSwarm(10);
        for (var i = 0; i < 40; i++)
        {
            swarm.Add(AggregationSwarm.Options with { MaximumDefinitions = 1 });
        }

        // Those have no room for another.
        swarm.Define(new AggregateDefinition("own", AggregateKind.Min), [.. Enumerable.Range(10, 40)]);
        int[] members = [.. Enumerable.Range(0, 10)];
        var sum = swarm.Define(new AggregateDefinition("sum", AggregateKind.Sum), members);
        var average = swarm.Define(AggregationScenarios.Load, members);
        swarm.RunToEpoch(4);
        Assert.Equal(10, swarm.Finals(average, 3).Count(f => f.IsReady));
        Assert.InRange(swarm.Finals(sum, 3).Count(f => f.IsReady), 0, 1);
    }

    [Fact]
    public void Nobody_is_taken_from_one_part_to_another_by_what_it_did_not_ask_for()
    {
        var swarm = new AggregationSwarm(10);
        swarm.RunToEpoch(2);
        swarm.Network.Run(5 * Cycle);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.Network.Run(Cycle);
        var epoch = swarm[3].Protocol.Epoch;
        foreach (var part in (AggregatePart[])[AggregatePart.Whole, AggregatePart.Looking])
        {
            foreach (var flags in (byte[])[0, AggregationHeader.Flag, AggregationHeader.LateFlag])
            {
                var writer = new WireWriter(new byte[300]);
                new AggregationHeader(77, epoch, TimeSpan.FromSeconds(6), flags).Write(ref writer);
                WriteSection(ref writer, id, part);
                AggregationScenarios.Inject(
                    swarm, 3, AggregationScenarios.Packet(AggregationMessage.Answer, writer.Written));
                writer = new WireWriter(new byte[300]);
                new AggregationHeader(78, epoch, TimeSpan.FromSeconds(6), flags).Write(ref writer);
                writer.WriteByte(0);
                WriteSection(ref writer, id, part, age: 0);
                writer.WriteZeros(100);
                AggregationScenarios.Inject(
                    swarm, 3, AggregationScenarios.Packet(AggregationMessage.Request, writer.Written));
            }
        }

        Assert.Equal(6, swarm[3].Protocol.Counters.StrayAnswers);
        Assert.Equal(0, swarm[3].Protocol.Counters.Malformed);
        Assert.Equal(AggregatePart.Early, swarm[3].Protocol.Table.Find(id)!.Part);
    }

    [Fact]
    public void Who_looks_is_shown_nothing_that_is_not_known_well()
    {
        var slot = new AggregateSlot(1, AggregationScenarios.Load, new MomentState(AggregationScenarios.Load));
        slot.Begin(AggregatePart.Looking, default);
        Assert.False(slot.IsActive);
        Assert.Equal(double.PositiveInfinity, slot.Apart);
        var theirs = new MomentState(AggregationScenarios.Load);
        theirs.TryContribute(new AggregateInput(5));
        var bytes = AggregationScenarios.Bytes(theirs);
        Assert.False(slot.TryLook(double.NaN, bytes, default));
        Assert.False(slot.TryLook(-1, bytes, default));
        Assert.False(slot.TryLook(0.5, bytes.AsSpan(1), default));
        Assert.True(slot.TryLook(0.5, bytes, default));
        Assert.Equal((5, 0.5), (slot.State.Value, slot.Apart));
        theirs.Clear();
        theirs.TryContribute(new AggregateInput(8));
        Assert.True(slot.TryLook(0.5, AggregationScenarios.Bytes(theirs), default));
        Assert.Equal((8, 3), (slot.State.Value, slot.Apart));
        slot.Begin(AggregatePart.Whole, default);
        Assert.False(slot.TryLook(0.5, bytes, default));
    }

    [Fact]
    public void The_first_node_begins_at_once_and_ends_its_lonely_epoch_for_the_first_who_comes()
    {
        var swarm = new AggregationSwarm(1);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.Network.Run(2 * Cycle);
        Assert.Equal((1, EpochPhase.Running), (swarm[0].Protocol.Epoch, swarm[0].Protocol.Phase));
        swarm.Network.Run(15 * Cycle);
        swarm.Add();
        swarm.Define(AggregationScenarios.Load, 1);
        swarm.Network.Run(6 * Cycle);
        Assert.All(swarm.Members, m => Assert.Equal((2, EpochPhase.Running), (m.Protocol.Epoch, m.Protocol.Phase)));
        Assert.All(swarm.Members, m => AssertCovers(0.5, m.Last(id)));
    }

    [Fact]
    public void Who_only_says_that_it_comes_does_not_keep_a_lonely_node_from_completing_epochs()
    {
        var swarm = new AggregationSwarm(1);
        swarm.Network.Run(2 * Cycle);
        for (var i = 0; i < 200; i++)
        {
            var ask = new AggregationHeader((ulong)i, 0, TimeSpan.Zero, 0);
            AggregationScenarios.Inject(
                swarm, 0, AggregationScenarios.Message(AggregationMessage.Ask, ask, 0, 0));
            swarm.Network.Run(Cycle);
        }

        Assert.InRange(swarm[0].Protocol.Counters.Epochs, 3, 7);
    }

    [Fact]
    public void A_new_life_begins_when_an_aggregate_is_forgotten()
    {
        var options = AggregationSwarm.Options with { CyclesPerEpoch = 8, SettleCycles = 1, ExpiryEpochs = 1 };
        var swarm = new AggregationSwarm(5, options);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.RunToEpoch(3);
        Assert.All(swarm.Members, m => Assert.Empty(m.LivesEnded));
        foreach (var member in swarm.Members)
        {
            member.Command(new AggregationCommand.Release(id));
        }

        swarm.RunToEpoch(8);
        Assert.All(swarm.Members, m => Assert.Equal((id, true), Assert.Single(m.LivesEnded)));
    }

    [Fact]
    public void What_was_agreed_on_with_one_cluster_is_not_told_of_another()
    {
        var swarm = new AggregationSwarm(20);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.RunToEpoch(3);
        // It has counted a hundred epochs somewhere else.
        var stranger = swarm[7];
        stranger.Protocol.Clock.Join(100, TimeSpan.Zero, stranger.Node.LocalNow);
        swarm.Network.Run(6 * Cycle);
        Assert.InRange(stranger.Protocol.Epoch, 3, 4);
        Assert.Equal((id, false), Assert.Single(stranger.LivesEnded));
        Assert.False(stranger.Protocol.Size is { IsWhole: true });
        swarm.RunToEpoch(6);
        Assert.Equal(9.5, stranger.Final(id, 5)!.Value.Value, 1e-4);
        Assert.Equal(20, stranger.Protocol.NetworkSize!.Value, 0.1);
    }

    private static void WriteSection(ref WireWriter writer, ulong id, AggregatePart part, byte? age = null)
    {
        writer.WriteUInt16(0x8001);
        writer.WriteUInt64(id);
        if (age is { } epochs)
        {
            writer.WriteByte(epochs);
        }

        writer.WriteByte((byte)part);
        writer.WriteUInt16(0x8000);
    }

    /// <summary>Ready, and no further off than three times what it says.</summary>
    private static void AssertCovers(double expected, AggregateEstimate estimate)
    {
        Assert.True(estimate is { IsReady: true, IsFinal: false }, estimate.ToString());
        Assert.InRange(Math.Abs(estimate.Value - expected), 0, (3 * estimate.Error) + 1e-9);
        Assert.InRange(estimate.Error, 0, expected + 1);
    }
}
