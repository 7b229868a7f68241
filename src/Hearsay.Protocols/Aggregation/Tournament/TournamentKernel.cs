namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>
/// Any quantile by pulls alone (Haeupler, Mohapatra, Su, "Optimal gossip algorithms for exact and approximate quantile
/// computations", PODC 2018, arXiv 1711.09258): tournaments of two move the wanted quantile to the median, tournaments
/// of three then close in on it, and a median of 15 is the answer. O(log log n + log 1/ε) rounds.
/// </summary>
/// <remarks>
/// Rounds are synchronous: a pull is answered with the value at the start of the round. A lost pull is made again.
/// Every node computes the same schedule from (φ, ε, n); n may be an estimate. Pure functions; only the schedule
/// allocates.
/// </remarks>
internal static class TournamentKernel
{
    /// <summary>Values whose median is the answer.</summary>
    public const int AnswerPulls = 15;

    /// <summary>Rounds at most, of whatever parameters.</summary>
    public const int GreatestRounds = 64;

    /// <summary>The rounds.</summary>
    /// <param name="quantile">φ, from 0 to 1.</param>
    /// <param name="error">ε, the error of the rank, above 0 and below 1/2.</param>
    /// <param name="nodes">n, about; at least 1.</param>
    public static TournamentRound[] Schedule(double quantile, double error, double nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(quantile is >= 0 and <= 1, true, nameof(quantile));
        ArgumentOutOfRangeException.ThrowIfNotEqual(error is > 0 and < 0.5, true, nameof(error));
        ArgumentOutOfRangeException.ThrowIfNotEqual(nodes >= 1 && double.IsFinite(nodes), true, nameof(nodes));
        var rounds = new List<TournamentRound>();
        AddShift(rounds, quantile, error);
        var (share, least) = (0.5 - error, Math.Pow(nodes, -1.0 / 3));
        while (share > least && rounds.Count < GreatestRounds - 1)
        {
            rounds.Add(new TournamentRound(TournamentRoundKind.Median, 3, 1));
            share = (3 * share * share) - (2 * share * share * share);
        }

        rounds.Add(new TournamentRound(TournamentRoundKind.Answer, AnswerPulls, 1));
        return [.. rounds];
    }

    /// <summary>The pulls of a node over all rounds, lost ones not counted.</summary>
    public static int PullsOf(ReadOnlySpan<TournamentRound> rounds)
    {
        var pulls = 0;
        foreach (var round in rounds)
        {
            pulls += round.Pulls;
        }

        return pulls;
    }

    /// <summary>What a node makes of the values it pulled.</summary>
    /// <param name="round">The round.</param>
    /// <param name="pulled">What it pulled, as many as the round asks for; put in order.</param>
    /// <param name="random">The node's stream for the round.</param>
    public static double Play(in TournamentRound round, Span<double> pulled, ref SeededRandom random)
    {
        if (round.Chance < 1 && random.NextDouble() >= round.Chance)
        {
            return pulled[0];
        }

        switch (round.Kind)
        {
            case TournamentRoundKind.Least:
                return Math.Min(pulled[0], pulled[1]);
            case TournamentRoundKind.Greatest:
                return Math.Max(pulled[0], pulled[1]);
            case TournamentRoundKind.Median:
                return Math.Max(Math.Min(pulled[0], pulled[1]), Math.Min(Math.Max(pulled[0], pulled[1]), pulled[2]));
            default:
                pulled.Sort();
                return pulled[pulled.Length / 2];
        }
    }

    /// <summary>
    /// The share of the values on the far side of the wanted ones is squared by each round until it is 1/2 - ε; the
    /// last round is played with just the chance that ends there.
    /// </summary>
    private static void AddShift(List<TournamentRound> rounds, double quantile, double error)
    {
        var low = quantile <= 0.5;
        var share = low ? 1 - (quantile + error) : quantile - error;
        var target = 0.5 - error;
        while (quantile != 0.5 && share > target && rounds.Count < GreatestRounds / 2)
        {
            var squared = share * share;
            var chance = squared <= target ? (share - target) / (share - squared) : 1;
            rounds.Add(new TournamentRound(
                low ? TournamentRoundKind.Least : TournamentRoundKind.Greatest, 2, chance));
            share = squared;
        }
    }
}
