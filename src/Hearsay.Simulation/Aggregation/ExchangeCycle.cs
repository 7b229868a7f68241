using System.Runtime.CompilerServices;
using Hearsay.Protocols;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation.Aggregation;

/// <summary>
/// A cycle of pairwise exchanges: every node that takes part starts one, in an order that is new in each cycle. The
/// same loop for averages and sketches, with the faults of both.
/// </summary>
/// <remarks>
/// One thread. All chance comes from the stream of (seed, cycle), so a run with another payload meets the same partners
/// and the same losses.
/// </remarks>
internal static class ExchangeCycle
{
    private const ulong Purpose = 0x4143_5943;

    /// <summary>
    /// Partners are chosen so many turns ahead: then the memory of several exchanges is fetched at once.
    /// </summary>
    private const int BatchTurns = 64;

    /// <summary>Runs the cycle.</summary>
    /// <remarks>A run calls it a few dozen times: too few to be compiled well later, so at once.</remarks>
    /// <returns>Turns taken, whatever came of them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Run<TPartners, TExchange>(
        Population population, TPartners partners, ref TExchange exchange, GossipFaults faults, ulong seed, int cycle)
        where TPartners : struct, IPartnerChoice
        where TExchange : struct, IPairExchange
    {
        var random = SeededRandom.For(seed, 0, (ulong)cycle, Purpose);
        var order = new NodeOrder(seed, cycle, population.Count);
        Span<int> nodes = stackalloc int[BatchTurns];
        Span<int> chosen = stackalloc int[BatchTurns];
        for (var left = population.Count; left > 0; left -= BatchTurns)
        {
            var turns = Math.Min(left, BatchTurns);
            for (var turn = 0; turn < turns; turn++)
            {
                var position = order.Next();
                nodes[turn] = population.At(position);
                chosen[turn] = partners.Choose(position, nodes[turn], ref random);
            }

            for (var turn = 0; turn < turns; turn++)
            {
                Exchange(population, nodes[turn], chosen[turn], ref exchange, faults, ref random);
            }
        }

        return population.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange<TExchange>(
        Population population, int node, int partner, ref TExchange exchange, GossipFaults faults,
        ref SeededRandom random)
        where TExchange : struct, IPairExchange
    {
        if (partner < 0 || population.Waits(node) || population.Waits(partner)
            || (faults.LinkFailure > 0 && random.NextDouble() < faults.LinkFailure))
        {
            return;
        }

        if (faults.Loss > 0)
        {
            Lossy(node, partner, ref exchange, faults, ref random);
            return;
        }

        exchange.Request(node, partner);
        exchange.Answer(node, partner);
    }

    /// <summary>The request is repeated until an answer comes; only the first that arrives has an effect.</summary>
    private static void Lossy<TExchange>(
        int node, int partner, ref TExchange exchange, GossipFaults faults, ref SeededRandom random)
        where TExchange : struct, IPairExchange
    {
        var arrived = false;
        for (var attempt = 0; attempt < faults.Tries; attempt++)
        {
            if (random.NextDouble() < faults.Loss)
            {
                continue;
            }

            if (!arrived)
            {
                exchange.Request(node, partner);
                arrived = true;
            }

            if (random.NextDouble() >= faults.Loss)
            {
                exchange.Answer(node, partner);
                return;
            }
        }
    }
}
