using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation.Quantiles;

/// <summary>
/// What must hold of whole networks. Each returns what was broken, or null; the same run against protocols with a
/// defect built in.
/// </summary>
internal static class TournamentScenarios
{
    public static MethodSwarm<TournamentProtocol> Swarm(int nodes, VirtualNetworkOptions? network = null) =>
        new(nodes, (values, sink) => new TournamentProtocol(new AggregationOptions(), values, sink), network);

    public static AggregateDefinition Quantile(double quantile, double error) =>
        new("latency", AggregateKind.Quantile)
        {
            Quantile = quantile, Precision = error, Method = AggregateMethod.Tournament,
        };

    /// <summary>
    /// Every node's result has the rank asked for, but for ε and four standard deviations of chance. In n nodes a round
    /// that moves a tail of share t to the median samples it with a variance of t/n, halved with each doubling after:
    /// together about t(1 - t)/n in ranks, where t includes ε.
    /// </summary>
    /// <param name="nodes">How many.</param>
    /// <param name="quantile">φ.</param>
    /// <param name="error">ε.</param>
    /// <param name="network">Loss and the like.</param>
    public static string? RanksAreRight(
        int nodes, double quantile, double error, VirtualNetworkOptions? network = null)
    {
        var swarm = Swarm(nodes, network);
        // Far from uniform: ranks do not care.
        swarm.Value = index => Math.Exp(index * 20.0 / nodes);
        var id = swarm.Define(Quantile(quantile, error));
        RunToEpoch(swarm, 2);
        var before = swarm.Up.Sum(m => m.Protocol.Counters.Pulls);
        RunToEpoch(swarm, 3);
        var pulls = (swarm.Up.Sum(m => m.Protocol.Counters.Pulls) - before) / (double)nodes;
        var finals = swarm.Members.Select(m => m.Finals.FirstOrDefault(e => e.Epoch == 2)).ToArray();
        var missing = finals.Count(e => e.Epoch == 0);
        var ranks = finals.Where(e => e.Epoch == 2).Select(e => Math.Log(e.Value) / 20).ToArray();
        var worst = ranks.Length == 0 ? 1 : ranks.Max(r => Math.Abs(r - quantile));
        var tail = Math.Min(0.5, Math.Min(quantile, 1 - quantile) + error);
        var limit = error + (4 * Math.Sqrt(tail * (1 - tail) / nodes));
        var (usual, rarest) = SynchronousWorst(nodes, quantile, error);
        Tests.Swarm.Say($"{nodes} nodes, quantile {quantile}, error {error}: worst rank {worst:f4} off "
            + $"(limit {limit:f4}; in bulk {usual:f4}, {rarest:f4} in the worst of 100 runs), "
            + $"{pulls:f1} pulls a node, {missing} without a result");
        return missing > 0 ? $"{missing} nodes have no result" : worst > limit ? $"a rank is {worst:f3} off" : null;
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
        for (var i = 0; i < 2000 && swarm.Up.Any(m => m.Protocol.Clock.Epoch < epoch); i++)
        {
            swarm.Run(0.25);
        }
    }

    /// <summary>
    /// How far off the worst node of a run in bulk is, to compare: a round is a sample of as many values as there are
    /// nodes, so that in a small network chance adds to the error asked for.
    /// </summary>
    private static (double Median, double Worst) SynchronousWorst(int nodes, double quantile, double error)
    {
        // As many rounds as the nodes plan that have only their view to guess the size from.
        var rounds = TournamentKernel.Schedule(quantile, error, 4096);
        double[] values = [.. Enumerable.Range(0, nodes).Select(i => i / (double)nodes)];
        var worst = new double[100];
        for (var seed = 0; seed < worst.Length; seed++)
        {
            var run = new TournamentRun(values, rounds, loss: 0, (ulong)seed + 1);
            while (run.Step())
            {
            }

            worst[seed] = run.Values.Max(v => Math.Abs(v - quantile));
        }

        Array.Sort(worst);
        return (worst[worst.Length / 2], worst[^1]);
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
