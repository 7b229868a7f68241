using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Protocols.Tests.Aggregation.Tournament;

/// <summary>
/// How far off a tournament of n nodes is by chance alone, if all partners are uniform and rounds synchronous.
/// </summary>
/// <remarks>
/// Take any value v. Which nodes hold at most v after a round depends on nothing but how many did before: each pulls
/// independently, so the next number is binomial, with the share that the round makes of the present one. That is a
/// Markov chain on 0 to n, from the rank of v; its end tells how likely all answers are on one side of v. Both sides
/// are added up: runs that are off on both count twice, which makes the chance a hundredth too high.
/// </remarks>
internal static class TournamentTheory
{
    /// <summary>What is less likely is left out; n of them are still nothing.</summary>
    private const double Negligible = 1e-18;

    /// <summary>How likely the rank of the worst node is at least so far from the quantile.</summary>
    /// <param name="nodes">n; node i holds the value i, whose rank is i/n.</param>
    /// <param name="rounds">The rounds they play.</param>
    /// <param name="quantile">φ.</param>
    /// <param name="distance">In ranks.</param>
    public static double ChanceOf(int nodes, TournamentRound[] rounds, double quantile, double distance)
    {
        // The first value too high, and the last too low; what is a rounding away from a value is that value.
        var high = (int)Math.Ceiling(((quantile + distance) * nodes) - 1e-6);
        var low = (int)Math.Floor(((quantile - distance) * nodes) + 1e-6);
        var chance = 0.0;
        if (high < nodes)
        {
            chance += SomeAnswers(nodes, rounds, high, isAtMost: false);
        }

        if (low >= 0)
        {
            chance += SomeAnswers(nodes, rounds, low + 1, isAtMost: true);
        }

        return Math.Min(1, chance);
    }

    /// <summary>The least distance that is no likelier than this.</summary>
    public static double DistanceOf(int nodes, TournamentRound[] rounds, double quantile, double chance)
    {
        var (near, far) = (0, nodes);
        while (far - near > 1)
        {
            var middle = (near + far) / 2;
            (near, far) = ChanceOf(nodes, rounds, quantile, middle / (double)nodes) <= chance
                ? (near, middle) : (middle, far);
        }

        return far / (double)nodes;
    }

    /// <summary>How likely any answer is among the lowest values, or any is not.</summary>
    private static double SomeAnswers(int nodes, TournamentRound[] rounds, int lowest, bool isAtMost)
    {
        var factorials = new double[nodes + 1];
        for (var i = 1; i <= nodes; i++)
        {
            factorials[i] = factorials[i - 1] + Math.Log(i);
        }

        var held = new double[nodes + 1];
        held[lowest] = 1;
        foreach (var round in rounds.AsSpan(0, rounds.Length - 1))
        {
            var next = new double[nodes + 1];
            for (var count = 0; count <= nodes; count++)
            {
                if (held[count] > Negligible)
                {
                    AddBinomial(next, held[count], After(round, count / (double)nodes), factorials);
                }
            }

            held = next;
        }

        var none = 0.0;
        for (var count = 0; count <= nodes; count++)
        {
            var share = After(rounds[^1], count / (double)nodes);
            none += held[count] * Math.Pow(isAtMost ? 1 - share : share, nodes);
        }

        return Math.Max(0, 1 - none);
    }

    /// <summary>The share of the nodes that hold at most v after a round, of that before.</summary>
    private static double After(in TournamentRound round, double share) => round.Kind switch
    {
        TournamentRoundKind.Least =>
            (round.Chance * (1 - ((1 - share) * (1 - share)))) + ((1 - round.Chance) * share),
        TournamentRoundKind.Greatest => (round.Chance * share * share) + ((1 - round.Chance) * share),
        TournamentRoundKind.Median => (3 * share * share) - (2 * share * share * share),
        _ => MoreThanHalf(round.Pulls, share),
    };

    private static double MoreThanHalf(int pulls, double share)
    {
        var (sum, ways) = (0.0, 1.0);
        for (var i = pulls; i > pulls / 2; i--)
        {
            sum += ways * Math.Pow(share, i) * Math.Pow(1 - share, pulls - i);
            ways *= i / (double)(pulls - i + 1);
        }

        return sum;
    }

    /// <summary>Adds a binomial distribution with a weight, from its middle outwards.</summary>
    private static void AddBinomial(double[] to, double weight, double share, double[] factorials)
    {
        var nodes = to.Length - 1;
        if (share is <= 0 or >= 1)
        {
            to[share <= 0 ? 0 : nodes] += weight;
            return;
        }

        var middle = Math.Min(nodes, (int)((nodes + 1) * share));
        var odds = share / (1 - share);
        var peak = Math.Exp(factorials[nodes] - factorials[middle] - factorials[nodes - middle]
            + (middle * Math.Log(share)) + ((nodes - middle) * Math.Log(1 - share)));
        var mass = peak;
        for (var k = middle; k <= nodes && mass > Negligible; k++)
        {
            to[k] += weight * mass;
            mass *= (nodes - k) / (double)(k + 1) * odds;
        }

        mass = peak * middle / (nodes - middle + 1.0) / odds;
        for (var k = middle - 1; k >= 0 && mass > Negligible; k--)
        {
            to[k] += weight * mass;
            mass *= k / (double)(nodes - k + 1) / odds;
        }
    }
}
