using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>
/// How long a node that comes into a network waits for its first estimate, whenever in an epoch it comes, and whether
/// what it is told by then is right.
/// </summary>
public sealed class FirstEstimateTests
{
    private const int CyclesPerEpoch = 30;

    private static readonly TimeSpan Step = AggregationSwarm.Cycle / 4;

    /// <summary>Who knows the aggregate, and has a value.</summary>
    public enum Definers
    {
        Everybody,
        OnlyTheJoiner,
        TwoJoiners,

        /// <summary>And relays that know of it from somebody who had a value in an earlier epoch.</summary>
        OnlyTheJoinerAgain,
    }

    [Theory]
    [InlineData(5, Definers.Everybody, 4, 6, 18)]
    [InlineData(40, Definers.Everybody, 4, 8, 20)]
    [InlineData(5, Definers.OnlyTheJoiner, 10, 18, 24)]
    [InlineData(40, Definers.OnlyTheJoiner, 13, 22, 27)]
    [InlineData(5, Definers.TwoJoiners, 9, 18, 24)]
    [InlineData(40, Definers.TwoJoiners, 12, 22, 27)]
    [InlineData(2, Definers.OnlyTheJoinerAgain, 10, 18, 24)]
    [InlineData(5, Definers.OnlyTheJoinerAgain, 10, 18, 24)]
    [InlineData(40, Definers.OnlyTheJoinerAgain, 13, 22, 27)]
    [Campaign]
    public void A_joiner_need_not_wait_for_the_next_epoch(
        int nodes, Definers definers, double mean, double worst, double worstSettled)
    {
        var waits = new List<(int Cycle, double First, double Settled)>();
        for (var seed = 1ul; seed <= 2; seed++)
        {
            for (var cycle = 0; cycle < CyclesPerEpoch; cycle++)
            {
                var (first, settled) = new Joiner(nodes, definers, cycle, seed).Wait();
                waits.Add((cycle, first, settled));
            }
        }

        var (firsts, all) = (waits.Select(w => w.First).ToArray(), waits.Select(w => w.Settled).ToArray());
        Swarm.Say($"{nodes} nodes, {definers}: within 10 % after {firsts.Average():f1} cycles, at worst {firsts.Max()};"
            + $" settled after {all.Average():f1}, at worst {all.Max()}");
        Swarm.Say("By the cycle of the epoch in which it came: " + string.Join(", ", waits.GroupBy(w => w.Cycle)
            .Select(g => $"{g.Key}: {g.Max(w => w.First):f0} and {g.Max(w => w.Settled):f0}")));
        Assert.InRange(firsts.Average(), 1, mean);
        Assert.All(firsts, wait => Assert.InRange(wait, 1, worst));
        // The rule of GetWithinAsync takes four cycles more, and begins anew where the epoch ends in between.
        Assert.All(all, wait => Assert.InRange(wait, 1, worstSettled));
    }

    /// <summary>
    /// One node has a value; the others hear of the aggregate when the epoch has begun, one after the other.
    /// </summary>
    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    public void A_sum_that_one_node_defines_when_an_epoch_has_begun_is_right_before_it_is_ready(int nodes)
    {
        const double Value = 11;
        for (var cycle = 0; cycle < 6; cycle++)
        {
            var swarm = NewSwarm(nodes, 1 + (ulong)cycle);
            swarm.RunToEpoch(2);
            swarm.Network.Run(cycle * AggregationSwarm.Cycle);
            swarm.Members.ToList().ForEach(member => member.HasValues = member.Index == 1);
            var id = swarm.Define(new AggregateDefinition("sum", AggregateKind.Sum), 1);
            swarm.RunToEpoch(4);
            var told = swarm.Members.Select(m => m.Estimates.Where(e => e.Id == id).Select(e => e.Estimate).ToArray())
                .ToArray();
            var firsts = told.Select(t => t.First(new Settling().Take).Value).ToArray();
            var finals = told.SelectMany(t => t).Where(e => e is { IsFinal: true, IsReady: true }).ToArray();
            Swarm.Say($"{nodes} nodes, cycle {cycle}: first {firsts.Min():f2} to {firsts.Max():f2}");
            Assert.All(firsts, first => Assert.InRange(first, 0.95 * Value, 1.05 * Value));
            Assert.All(finals, e => Assert.InRange(e.Value, 0.98 * Value, 1.02 * Value));
            Assert.Equal(nodes, swarm.Finals(id, 3).Count(f => f.IsReady));
        }
    }

    private static AggregationSwarm NewSwarm(int nodes, ulong seed) => new(
        nodes, network: new VirtualNetworkOptions { KeepsNotices = false, Seed = seed },
        value: (index, _) => index + 10);

    private sealed class Joiner
    {
        private const double Limit = 80;

        private readonly AggregationSwarm _swarm;
        private readonly AggregationSwarm.Member _member;
        private readonly double _truth;
        private readonly ulong _id;

        public Joiner(int nodes, Definers definers, int cycle, ulong seed)
        {
            var definition = new AggregateDefinition("cpu", AggregateKind.Average);
            _swarm = NewSwarm(nodes, seed);
            if (definers == Definers.Everybody)
            {
                _swarm.DefineEverywhere(definition);
            }

            _swarm.RunToEpoch(2);
            if (definers == Definers.OnlyTheJoinerAgain)
            {
                _id = _swarm.Define(definition, 1);
                _swarm.Network.Run(20 * AggregationSwarm.Cycle);
                _swarm[1].Command(new AggregationCommand.Release(_id));
                _swarm.Members.ToList().ForEach(member => member.HasValues = false);
                _swarm.RunToEpoch(3);
            }

            _swarm.Network.Run(cycle * AggregationSwarm.Cycle);
            _member = _swarm.Add();
            _id = _swarm.Define(definition, nodes);
            _truth = definers == Definers.Everybody ? 10 + ((nodes - 1) / 2.0) : nodes + 10;
            _swarm.Members.ToList().ForEach(
                member => member.HasValues = definers == Definers.Everybody || member == _member);
            if (definers == Definers.TwoJoiners)
            {
                _swarm.Network.Run(2 * Step);
                _swarm.Add();
                _swarm.Define(definition, nodes + 1);
                _truth += 0.5;
            }
        }

        /// <summary>
        /// Cycles until the first estimate within a tenth of the truth, and until one that GetWithinAsync(0.05) takes.
        /// </summary>
        public (double First, double Settled) Wait()
        {
            var (first, settled, seen, settling) = (Limit, Limit, 0, new Settling());
            for (var cycles = 0.25; cycles < Limit && settled == Limit; cycles += 0.25)
            {
                _swarm.Network.Run(Step);
                foreach (var (id, estimate) in _member.Estimates.Skip(seen))
                {
                    first = IsWithin(estimate, 0.1) && first == Limit ? cycles : first;
                    settled = settling.Take(estimate) && settled == Limit ? cycles : settled;
                    Assert.Equal(_id, id);
                }

                seen = _member.Estimates.Count;
            }

            return (first, settled);
        }

        private bool IsWithin(in AggregateEstimate estimate, double share) =>
            estimate.IsReady && Math.Abs(estimate.Value - _truth) <= share * _truth;
    }

    /// <summary>The rule of GetWithinAsync(0.05): a small error, and a value within it, for five cycles.</summary>
    private sealed class Settling
    {
        private readonly List<AggregateEstimate> _held = [];

        public bool Take(AggregateEstimate estimate)
        {
            var most = 0.05 * Math.Abs(estimate.Value);
            var isGood = estimate.IsReady && estimate.Error <= most;
            if (!isGood || (_held.Count > 0 && (estimate.Epoch != _held[0].Epoch
                || !(Math.Abs(estimate.Value - _held[0].Value) <= most))))
            {
                _held.Clear();
            }

            if (isGood)
            {
                _held.Add(estimate);
            }

            return estimate is { IsReady: true, IsFinal: true } || _held.Count >= 5;
        }
    }
}
