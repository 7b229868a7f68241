using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>
/// What must hold of whole networks. Each returns what was broken, or null. The same scenarios run against protocols
/// with a defect built in, to show that they can fail.
/// </summary>
internal static class AggregationScenarios
{
    public static readonly AggregateDefinition Load = new("load", AggregateKind.Average);

    private static readonly TimeSpan Cycle = AggregationSwarm.Cycle;

    /// <summary>The sum of all values at the end of an epoch, with answers under way for long.</summary>
    public static string? OverlappingExchangesConserveTheSum(double roundTripCycles)
    {
        var swarm = new AggregationSwarm(60, network: Slow(roundTripCycles));
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(2);
        swarm.RunToSettling();
        return SumIsConserved(swarm, id, 1e-12);
    }

    /// <summary>A tenth of the messages is lost, some come twice, some late.</summary>
    public static string? RetriesConserveTheSum(double loss = 0.1)
    {
        var links = new LinkModel { Loss = loss, Duplication = 0.1, Reordering = 0.1, Replay = 0.02 };
        var swarm = new AggregationSwarm(60, network: new VirtualNetworkOptions { Links = links });
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(3);
        swarm.RunToSettling();
        return SumIsConserved(swarm, id, 1e-9);
    }

    /// <summary>
    /// All nodes are kept from running for a while, as those of a process are on a busy machine: the epochs that begin
    /// after it are as good as those before.
    /// </summary>
    public static string? PausesCostNoDigitsLater(double pauseCycles)
    {
        const int nodes = 100;
        var swarm = new AggregationSwarm(nodes, network: new VirtualNetworkOptions { KeepsNotices = false });
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(3);
        for (var i = 0; i < 3; i++)
        {
            swarm.Network.Run(5 * Cycle);
            foreach (var member in swarm.Members)
            {
                swarm.Network.Pause(member.Node, pauseCycles * Cycle);
            }
        }

        swarm.RunToEpoch(6);
        double ErrorOf(int epoch) => swarm.Finals(id, epoch).Max(f => Math.Abs((f.Value / ((nodes - 1) / 2.0)) - 1));
        var errors = $"largest relative error {ErrorOf(2):e1} before, {ErrorOf(3):e1} with, {ErrorOf(4):e1} and "
            + $"{ErrorOf(5):e1} after 3 pauses of {pauseCycles} cycles";
        Swarm.Say(errors);
        return Math.Max(ErrorOf(4), ErrorOf(5)) <= 1e-6 && swarm.Finals(id, 5).Count() == nodes ? null : errors;
    }

    /// <summary>Answers that were under way when their epoch ended come in the next.</summary>
    public static string? OldAnswersDoNotCount()
    {
        var swarm = new AggregationSwarm(60);
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(2);
        swarm.RunToSettling();
        swarm.RunToEpoch(3);
        swarm.Network.Run(26.5 * Cycle);
        // Asked within the epoch, answered within it, and the answer comes in the next.
        swarm.Network.Links = Slow(3.6).Links!;
        swarm.Network.Run(3.2 * Cycle);
        swarm.Network.Links = new LinkModel();
        swarm.RunToEpoch(4);
        swarm.RunToSettling();
        return SumIsConserved(swarm, id, 1e-12);
    }

    /// <summary>Who comes in the middle of an epoch does not count in it, but in the next.</summary>
    public static string? JoinersWaitForTheNextEpoch()
    {
        var swarm = new AggregationSwarm(40);
        swarm.RunToEpoch(3);
        var size = swarm.DefineEverywhere(new AggregateDefinition("size", AggregateKind.NetworkSize));
        swarm.RunToEpoch(4);
        swarm.Network.Run(4 * Cycle);
        for (var i = 0; i < 40; i++)
        {
            swarm.Add();
        }

        swarm.RunToEpoch(6);
        foreach (var (epoch, expected) in new[] { (4, 40.0), (5, 80.0) })
        {
            foreach (var final in swarm.Finals(size, epoch))
            {
                if (!(Math.Abs(final.Value - expected) < 0.01 * expected))
                {
                    return $"epoch {epoch}: {final}";
                }
            }
        }

        return null;
    }

    /// <summary>Clocks differ by a few percent; still all are in the same epoch, and complete each.</summary>
    public static string? EpochsStayTogether()
    {
        var swarm = new AggregationSwarm(40);
        var id = swarm.DefineEverywhere(Load);
        foreach (var member in swarm.Members)
        {
            swarm.Network.Drift(member.Node, 0.97 + (0.0015 * member.Index));
        }

        swarm.RunToEpoch(8);
        var (first, last) = (swarm.Members.Min(m => m.Protocol.Epoch), swarm.Members.Max(m => m.Protocol.Epoch));
        if (last - first > 1)
        {
            return $"Epochs from {first} to {last}.";
        }

        for (var epoch = 3; epoch < first; epoch++)
        {
            var finals = swarm.Finals(id, epoch).ToArray();
            if (finals.Length < 38 || finals.Any(f => Math.Abs(f.Value - 19.5) > 1e-3 * 19.5))
            {
                var (least, most) = (finals.Min(f => f.Value), finals.Max(f => f.Value));
                return $"Epoch {epoch}: {finals.Length} results, {least} to {most}";
            }
        }

        return null;
    }

    /// <summary>A node that has met another cluster, which is five epochs further, takes everybody along.</summary>
    public static string? ALaterEpochTakesEverybodyAlong()
    {
        var swarm = new AggregationSwarm(40);
        swarm.RunToEpoch(2);
        swarm.Network.Run(5 * Cycle);
        swarm[7].Protocol.Clock.Jump(7, TimeSpan.Zero, swarm[7].Node.LocalNow);
        swarm.Network.Run(10 * Cycle);
        var behind = swarm.Members.Count(m => m.Protocol.Epoch != 7);
        return behind == 0 ? null : $"{behind} nodes did not follow.";
    }

    /// <summary>A node whose contacts do not answer lives through whole epochs alone.</summary>
    public static string? JoiningInVainIsNoNetworkOfOne()
    {
        var swarm = new AggregationSwarm(2);
        var lonely = swarm.Add(seeds: [VirtualNetwork.AddressOf(5000)]);
        swarm.Network.Run(80 * Cycle);
        return lonely.Protocol.Counters.Epochs == 0 ? "It had no whole epoch."
            : lonely.Protocol.NetworkSize is { } size ? $"It says {size:f2}." : null;
    }

    /// <summary>
    /// Nodes that sleep through most of the first epoch they take part in and wake in the next: what they had come to
    /// is not the network's size.
    /// </summary>
    public static string? SleepersClaimNoSizeOfTheirOwn()
    {
        var swarm = new AggregationSwarm(60);
        var random = new SeededRandom(3);
        for (var epoch = 3; epoch < 9; epoch += 2)
        {
            swarm.RunToEpoch(epoch);
            var sleepers = Enumerable.Range(0, 6).Select(_ => swarm.Add()).ToArray();
            swarm.RunToEpoch(epoch + 1);
            foreach (var sleeper in sleepers)
            {
                swarm.Network.Run(random.Between(TimeSpan.Zero, Cycle));
                swarm.Network.Pause(sleeper.Node, 27 * Cycle);
            }

            for (var cycle = 0; cycle < 35; cycle++)
            {
                swarm.Network.Run(Cycle);
                foreach (var sleeper in sleepers)
                {
                    if (sleeper.Protocol.NetworkSize is { } size && Math.Abs((size / 66) - 1) > 0.2)
                    {
                        return $"Node {sleeper.Index} of 66 says {size:f2}.";
                    }
                }
            }

            Array.ForEach(sleepers, sleeper => swarm.Network.Kill(sleeper.Node));
        }

        return swarm.Members.Any(m => m.Protocol.Counters.SizesNotKept > 0) ? null : "Nobody slept too long.";
    }

    /// <summary>
    /// Answers take one and a half cycles and nodes are replaced: an epoch is too short to agree on a size, and hardly
    /// anybody claims one because the last few partners happened to hold nearly the same.
    /// </summary>
    /// <remarks>
    /// Of all nodes in all cycles at most 2 in 1,000 may claim a size that is more than 6 % off. Over the seeds 1 to 8
    /// it was 0.3 in 1,000, all of them in four seeds; 8.5 in 1,000 where four agreeing exchanges are enough.
    /// </remarks>
    public static string? NobodyClaimsASizeByLuck()
    {
        const int nodes = 200, cycles = 150, seeds = 2;
        var (wrong, isKept) = (0, true);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var (claims, notKept) = WrongSizes(nodes, cycles, (ulong)seed);
            (wrong, isKept) = (wrong + claims, isKept && notKept <= nodes);
        }

        return wrong > 0.002 * seeds * cycles * nodes ? $"{wrong} sizes were claimed by luck."
            : isKept ? "Sizes were kept." : null;
    }

    /// <summary>How many sizes more than 6 % off were claimed, and how many were not kept.</summary>
    private static (int Wrong, long NotKept) WrongSizes(int nodes, int cycles, ulong seed)
    {
        var swarm = new AggregationSwarm(0, network: Slow(1.5) with { KeepsNotices = false, Seed = seed })
        {
            // Otherwise a first contact takes twice as long, and so few exchanges happen that nobody is lucky.
            Vouched = [.. Enumerable.Range(0, 1000).Select(VirtualNetwork.AddressOf)],
        };
        for (var i = 0; i < nodes; i++)
        {
            swarm.Add();
        }

        swarm.RunToEpoch(2);
        var random = new SeededRandom(1);
        var wrong = 0;
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            for (var i = 0; i < nodes / 100; i++)
            {
                var up = swarm.Up.Where(m => m.Index > 0).ToArray();
                swarm.Network.Kill(up[random.Below(up.Length)].Node);
                swarm.Add();
            }

            swarm.Network.Run(Cycle);
            wrong += swarm.Up.Count(
                m => m.Protocol.NetworkSize is { } size && Math.Abs((size / nodes) - 1) > 0.06);
        }

        return (wrong, swarm.Members.Sum(m => m.Protocol.Counters.SizesNotKept));
    }

    /// <summary>A distribution and a count of items, over streams and with a tenth of the datagrams lost.</summary>
    /// <remarks>
    /// Streams lose nothing, so the variance falls to 1/(2√e) = 0.303 of itself in each of the 28 cycles of an epoch
    /// that begin exchanges: a deviation to 5.5e-8 of what it was. A bin that holds a tenth or 15 % of the values
    /// begins with a deviation of 0.3 or 0.36, so it ends with 1.7e-8 or 2e-8. The bound is five times that. (The worst
    /// node of 24 seeds was 5.2e-8 off in a bin, and 3.1e-8 in the share.)
    /// </remarks>
    public static string? SketchesAreMergedOnce()
    {
        const double Most = 1e-7;
        var network = new VirtualNetworkOptions { Loss = 0.1, Duplication = 0.1 };
        var swarm = new AggregationSwarm(40, network: network, value: (i, _) => 1 + i);
        var bins = swarm.DefineEverywhere(
            new AggregateDefinition("bins", AggregateKind.Histogram) { Minimum = 0, Maximum = 40, Precision = 8 });
        swarm.RunToEpoch(2);
        swarm.RunToSettling();
        var share = 0.0;
        foreach (var member in swarm.Members)
        {
            var cells = ((VectorState)member.Protocol.Table.Find(bins)!.State).Cells;
            share += cells[0] / 40;
            if (Math.Abs(cells[1] - 0.1) > Most || Math.Abs(cells[8] - 0.15) > Most || Math.Abs(cells[0] - 1) > Most)
            {
                return string.Join(' ', cells.ToArray());
            }
        }

        // What is averaged comes closer; what all have together does not change at all.
        return Math.Abs(share - 1) <= 1e-12 ? null : $"a share of {share:r} gave something";
    }

    /// <summary>
    /// A sum, a count and a sample whose merges may be repeated: 15 % of the datagrams are lost and some come twice,
    /// and still all nodes hold the same to the last bit, and what they hold is right.
    /// </summary>
    public static string? SketchesSurviveLoss()
    {
        const int Nodes = 60;
        var network = new VirtualNetworkOptions { Loss = 0.15, Duplication = 0.1 };
        var swarm = new AggregationSwarm(Nodes, network: network, value: (i, _) => 1 + i);
        // Each node names three items, of which all nodes together have 61 different ones: fewer than the room.
        (AggregateDefinition Definition, double Expected, double Slack)[] wanted =
        [
            (new("sum", AggregateKind.ExtremaSum) { Precision = 400 }, Nodes * (Nodes + 1) / 2, 0.2),
            (new("count", AggregateKind.ExtremaCount), Nodes, 0.29),
            (new("items", AggregateKind.Sample) { Precision = 64 }, Nodes + 1, 0),
        ];
        foreach (var (definition, _, _) in wanted)
        {
            swarm.DefineEverywhere(definition);
        }

        for (var epoch = 2; epoch <= 3; epoch++)
        {
            swarm.RunToEpoch(epoch);
            swarm.RunToSettling();
            foreach (var (definition, expected, slack) in wanted)
            {
                var id = AggregateDefinitionCodec.IdOf(definition);
                var states = swarm.Members.Select(m => m.Protocol.Table.Find(id)!.State).ToArray();
                var apart = states.Select(s => Convert.ToHexString(Bytes(s))).Distinct().Count();
                var value = states[0].Value;
                if (apart != 1 || Math.Abs(value - expected) > slack * expected)
                {
                    return $"{definition}, epoch {epoch}: {apart} different sketches, {value:f2} for {expected}";
                }
            }
        }

        return null;
    }

    /// <summary>What a state writes.</summary>
    public static byte[] Bytes(IAggregateState state)
    {
        var writer = new WireWriter(new byte[state.MaximumBytes]);
        state.WriteRequest(ref writer);
        return writer.Written.ToArray();
    }

    /// <summary>A node that claims an epoch of the far future takes nobody along.</summary>
    public static string? FarEpochsAreRefused()
    {
        var swarm = new AggregationSwarm(20);
        swarm.RunToEpoch(2);
        for (var i = 0; i < 20; i++)
        {
            var claim = Message(AggregationMessage.Request, new AggregationHeader(7, 1_000_000, default, 0), 0, 0);
            Inject(swarm, i, claim);
        }

        swarm.Network.Run(5 * Cycle);
        return swarm.Members.Any(m => m.Protocol.Epoch > 3) ? "A liar moved the epoch." : null;
    }

    /// <summary>However many leaders there are, each has one node's worth in the whole network.</summary>
    public static string? EveryLeaderStandsForOneNode()
    {
        var swarm = new AggregationSwarm(60);
        swarm.RunToEpoch(3);
        swarm.RunToSettling();
        var total = new SortedDictionary<uint, double>();
        foreach (var leaders in swarm.Members.Select(m => m.Protocol.Leaders))
        {
            for (var i = 0; i < leaders.Count; i++)
            {
                total[leaders.Keys[i]] = total.GetValueOrDefault(leaders.Keys[i]) + leaders.Values[i];
            }
        }

        return total.Count == 0 ? "There is no leader."
            : total.Values.Any(v => Math.Abs(v - 1) > 1e-12) ? string.Join(' ', total.Values) : null;
    }

    /// <summary>A request full of what is no number.</summary>
    public static string? NonsenseIsRefused()
    {
        var swarm = new AggregationSwarm(20);
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(2);
        foreach (var poison in new[] { double.NaN, double.PositiveInfinity, 1e300 })
        {
            var header = new AggregationHeader((ulong)poison.GetHashCode(), 2, default, 0);
            Inject(swarm, 3, Message(AggregationMessage.Request, header, id, poison));
        }

        swarm.RunToSettling();
        return SumIsConserved(swarm, id, 1e-9);
    }

    /// <summary>A value that is given twice counts once.</summary>
    public static string? ValuesCountOnce()
    {
        var swarm = new AggregationSwarm(20);
        var id = swarm.DefineEverywhere(Load);
        swarm.RunToEpoch(2);
        foreach (var member in swarm.Members)
        {
            member.Command(new AggregationCommand.ProvideValue(id, 2, new AggregateInput(5)));
        }

        swarm.RunToSettling();
        return SumIsConserved(swarm, id, 1e-12);
    }

    /// <summary>What nobody wants any more is forgotten, although everybody still tells it to everybody.</summary>
    public static string? UnusedDefinitionsAreForgotten()
    {
        var options = AggregationSwarm.Options with { CyclesPerEpoch = 8, SettleCycles = 1, ExpiryEpochs = 2 };
        var swarm = new AggregationSwarm(20, options);
        var id = swarm.Define(Load, 0);
        swarm.RunToEpoch(4);
        if (swarm.Members.Any(m => m.Protocol.Table.Find(id) is null))
        {
            return "It did not spread.";
        }

        swarm[0].Command(new AggregationCommand.Release(id));
        swarm.RunToEpoch(10);
        var left = swarm.Members.Count(m => m.Protocol.Table.Find(id) is not null);
        return left == 0 ? null : $"{left} nodes still know it.";
    }

    public static byte[] Message(byte type, AggregationHeader header, ulong aggregate, double cell)
    {
        var writer = new WireWriter(new byte[AggregationMessage.DatagramBytes]);
        header.Write(ref writer);
        writer.WriteByte(0);
        writer.WriteLength(aggregate == 0 ? 0 : 1);
        if (aggregate != 0)
        {
            writer.WriteUInt64(aggregate);
            writer.WriteByte(0);
            writer.WriteByte((byte)AggregatePart.Whole);
            writer.WriteLength(2 * sizeof(double));
            writer.WriteDouble(cell);
            writer.WriteDouble(cell);
        }

        return Packet(type, writer.Written);
    }

    public static byte[] Packet(byte type, ReadOnlySpan<byte> body, int sender = 6)
    {
        var packet = new WireWriter(new byte[Envelope.MaximumStreamBytes]);
        packet.WriteZeros(Envelope.SizeBytes);
        var start = Frame.Begin(ref packet, AggregationProtocol.ProtocolId, type);
        packet.WriteBytes(body);
        Frame.End(ref packet, start);
        Envelope.Seal(packet.Written, Envelope.LabelOf("default"), new NodeId(66, (ulong)sender));
        return packet.Written.ToArray();
    }

    public static void Inject(AggregationSwarm swarm, int to, byte[] packet) => swarm.Network.Inject(
        swarm[to].Node, new Link(VirtualNetwork.AddressOf(5000), LinkKind.Datagram), packet);

    public static VirtualNetworkOptions Slow(double roundTripCycles)
    {
        var delay = roundTripCycles / 2 * Cycle;
        return new() { Links = new() { Delay = new DelayModel(DelayKind.Uniform, 0.9 * delay, 0.1 * delay) } };
    }

    /// <summary>At the end of an epoch: all values are there, and nothing else.</summary>
    public static string? SumIsConserved(AggregationSwarm swarm, ulong id, double relative)
    {
        var nodes = swarm.Members.Count;
        var expected = nodes * (nodes - 1) / 2.0;
        var epochs = swarm.Members.Select(m => m.Protocol.Epoch).Distinct().Count();
        var sum = swarm.Members.Sum(m => m.Cells(id)[1]);
        var contributors = swarm.Members.Sum(m => m.Cells(id)[0]);
        return epochs == 1 && Math.Abs(sum - expected) <= relative * expected
            && Math.Abs(contributors - nodes) <= relative * nodes
            ? null : $"{epochs} epochs, sum {sum:r} of {expected}, {contributors:r} contributors of {nodes}";
    }
}
