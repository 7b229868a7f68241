using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.Tests.Aggregation.Carriers;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.Tournament;

/// <summary>
/// What must hold of whole networks. Each returns what was broken, or null; the same run against protocols with a
/// defect built in.
/// </summary>
internal static class TournamentScenarios
{
    /// <summary>A result that chance alone would give less often than this is a flaw.</summary>
    public const double LeastChance = 1e-4;

    public static MethodSwarm<TournamentProtocol> Swarm(
        int nodes, VirtualNetworkOptions? network = null, AggregationOptions? options = null)
    {
        options ??= new AggregationOptions();
        return new(nodes, (values, sink) => new TournamentProtocol(options, values, sink), network, options);
    }

    public static AggregateDefinition Quantile(double quantile, double error) =>
        new("latency", AggregateKind.Quantile)
        {
            Quantile = quantile, Precision = error, Method = AggregateMethod.Tournament,
        };

    /// <summary>
    /// Every node has a result, and the worst of them is no further from the quantile than chance can explain: in a
    /// small network it adds to ε, and <see cref="TournamentTheory"/> says exactly how much.
    /// </summary>
    /// <param name="nodes">How many.</param>
    /// <param name="quantile">φ.</param>
    /// <param name="error">ε.</param>
    /// <param name="network">Loss and the like.</param>
    public static string? RanksAreRight(
        int nodes, double quantile, double error, VirtualNetworkOptions? network = null)
    {
        var swarm = Swarm(nodes, network);
        var rank = Shuffle(nodes, 1);
        // Far from uniform: ranks do not care.
        swarm.Value = index => Math.Exp(rank[index] * 20.0 / nodes);
        swarm.Define(Quantile(quantile, error));
        RunToEpoch(swarm, 2);
        var before = swarm.Up.Sum(m => m.Protocol.Counters.Pulls);
        RunToEpoch(swarm, 3);
        var pulls = (swarm.Up.Sum(m => m.Protocol.Counters.Pulls) - before) / (double)nodes;
        if (WorstOf(swarm, 2, value => Math.Log(value) / 20, quantile) is not { } worst)
        {
            return "nodes have no result";
        }

        var rounds = RoundsOf(swarm);
        var chance = TournamentTheory.ChanceOf(nodes, rounds, quantile, worst);
        Tests.Swarm.Say($"| {nodes} nodes, φ {quantile}, ε {error} | {worst:f3} off | {chance:f3} "
            + $"| {TournamentTheory.DistanceOf(nodes, rounds, quantile, 0.5):f3} "
            + $"| {TournamentTheory.DistanceOf(nodes, rounds, quantile, LeastChance):f3} | {pulls:f0} |");
        return chance >= LeastChance ? null : $"a rank is {worst:f3} off, of which the chance is {chance:e1}";
    }

    /// <summary>How far off the worst node of an epoch is; null if one has no result.</summary>
    /// <param name="swarm">The network.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="rankOf">What rank a value has.</param>
    /// <param name="quantile">φ.</param>
    public static double? WorstOf(
        MethodSwarm<TournamentProtocol> swarm, long epoch, Func<double, double> rankOf, double quantile)
    {
        var worst = 0.0;
        foreach (var member in swarm.Members)
        {
            var result = member.Finals.FirstOrDefault(e => e.Epoch == epoch);
            if (result.Epoch == 0)
            {
                return null;
            }

            worst = Math.Max(worst, Math.Abs(rankOf(result.Value) - quantile));
        }

        return worst;
    }

    /// <summary>
    /// The rounds that nearly all nodes play: aggregation tells them how many they are, and that is rounded up; one
    /// that came late may guess.
    /// </summary>
    public static TournamentRound[] RoundsOf(MethodSwarm<TournamentProtocol> swarm)
    {
        var slot = swarm[0].Protocol.Table.Slots[0];
        var rounds = TournamentKernel.Schedule(
            slot.Definition.Quantile!.Value, slot.Definition.Precision!.Value,
            TournamentSlot.PlannedFor(swarm.Members.Count));
        var same = swarm.Members.Count(m => m.Protocol.Table.Slots[0].Rounds == rounds.Length);
        Assert.InRange(same, 0.95 * swarm.Members.Count, swarm.Members.Count);
        return rounds;
    }

    /// <summary>The numbers from 0 in a random order.</summary>
    public static int[] Shuffle(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    /// <summary>Some nodes are slow by cycles, as their answers are lost: they catch up, and ranks are right.</summary>
    public static string? LateNodesCatchUp() => RanksAreRight(
        300, 0.9, 0.05, new VirtualNetworkOptions { Loss = 0.3 });

    /// <summary>
    /// However far a node is, it says what it held at the start of the round it is asked for: nothing but its own value
    /// for the first.
    /// </summary>
    public static string? RoundsAreThoseAskedFor()
    {
        var swarm = Swarm(40);
        var id = swarm.Define(Quantile(0.9, 0.1));
        RunToEpoch(swarm, 2);
        swarm.Run(12);
        var wrong = 0;
        foreach (var member in swarm.Members)
        {
            var slot = member.Protocol.Table.Find(id)!;
            var status = slot.Answer(0, out var value);
            wrong += slot.Round < 4 || status != TournamentMessage.Value || value != member.Index ? 1 : 0;
        }

        return wrong == 0 ? null : $"{wrong} nodes answered with a value of another round";
    }

    /// <summary>A stranger answers pulls that were not sent to it.</summary>
    public static string? MadeUpAnswersDoNotCount()
    {
        var swarm = Swarm(50);
        var id = swarm.Define(Quantile(0.5, 0.1));
        RunToEpoch(swarm, 2);
        for (var i = 0; i < 120; i++)
        {
            for (var to = 0; to < 50; to++)
            {
                var header = new AggregationHeader((ulong)i, 2, TimeSpan.Zero, 0);
                foreach (var round in new[] { 0, 1, 2, 3, 4, 5 })
                {
                    swarm.Inject(to, TournamentMessage.Answer, Answer(header, id, round, 1e6));
                }
            }

            swarm.Run(0.25);
        }

        RunToEpoch(swarm, 3);
        var wrong = swarm.Members.Count(m => m.Last(id).Value > 49);
        return wrong == 0 ? null : $"{wrong} nodes believed a stranger";
    }

    public static void RunToEpoch(MethodSwarm<TournamentProtocol> swarm, long epoch)
    {
        for (var i = 0; i < 2000 && swarm.Up.Any(m => m.Protocol.Time.Number < epoch); i++)
        {
            swarm.Run(0.25);
        }
    }

    public static byte[] Answer(
        AggregationHeader header, ulong id, int round, double value, byte status = TournamentMessage.Value)
    {
        var writer = new WireWriter(new byte[TournamentMessage.Bytes]);
        header.Write(ref writer);
        writer.WriteUInt64(id);
        writer.WriteByte((byte)round);
        writer.WriteByte(status);
        writer.WriteDouble(value);
        return writer.Written.ToArray();
    }

    public static byte[] Pull(AggregationHeader header, ulong id, int round) =>
        Answer(header, id, round, 0, 0);
}
