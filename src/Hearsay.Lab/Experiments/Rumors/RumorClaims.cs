namespace Hearsay.Lab.Experiments.Rumors;

/// <summary>What the literature says of each way to spread a rumor, held against what was measured.</summary>
internal static class RumorClaims
{
    private const string Demers = "Demers et al., PODC 1987, table ";
    private const string Digits = ", with the digits of an independent simulation of it";

    /// <summary>Of 1,000 nodes, 2,000 trials.</summary>
    public static IReadOnlyList<RumorOracle> Oracles { get; } =
    [
        new("push-feedback-counter", 1, 0.1747, 1.744, 16.85, Demers + "1" + Digits),
        new("push-feedback-counter", 2, 0.0368, 3.299, 16.97, Demers + "1" + Digits),
        new("push-feedback-counter", 3, 0.0108, 4.533, 17.32, Demers + "1" + Digits),
        new("push-feedback-counter", 4, 0.0036, 5.6, 17.5, Demers + "1", LastDigit: 0.1),
        new("push-blind-coin", 1, 0.96, 0.04, 39.0, Demers + "2" + Digits),
        new("push-blind-coin", 2, 0.204, 1.592, 32.9, Demers + "2" + Digits),
        new("push-blind-coin", 3, 0.06, 2.8, 32, Demers + "2", LastDigit: 1),
        new("push-blind-coin", 4, 0.021, 3.9, 32, Demers + "2", LastDigit: 1),
        new("pull-feedback-counter", 1, 0.0313, 2.7, 17.54, Demers + "3" + Digits),
        new("pull-feedback-counter", 2, 5.8e-4, 4.5, 15.4, Demers + "3", LastDigit: 0.1),
    ];

    /// <summary>The claims for a run; none where nothing is known.</summary>
    public static IEnumerable<Claim> Of(
        RumorVariant variant, RumorOptions options, int nodes, double loss, RumorTrials trials)
    {
        var isPlain = loss == 0 && options.ConnectionLimit == 0 && !options.Minimise;
        return !isPlain || nodes < 1_000 || trials.Outcomes.Count < 50 ? [] : variant.Name switch
        {
            "blind-fanout" => OfFanout(options.Fanout, nodes, trials),
            "median-counter" => options.Fanout == 1 ? OfMedian(options.K, nodes, trials) : [],
            "push-then-pull" => options.Fanout == 1 ? OfPushThenPull(nodes, trials) : [],
            _ => options.Fanout == 1
                ? [.. OfTable(variant, options.K, nodes, trials), .. OfLaw(variant, options.K, nodes, trials)] : [],
        };
    }

    /// <summary>
    /// The residue of push is e^(-m), whatever makes nodes lose interest. Both sides come
    /// from the same trials; with fewer than 400 nodes that never heard they are off by more than a tenth.
    /// </summary>
    public static IEnumerable<Claim> OfLaw(RumorVariant variant, int k, int nodes, RumorTrials trials)
    {
        if (variant.Options.Mode == RumorMode.Push && variant.IsDemers
            && trials.Residue > 1e-3 && trials.Residue * nodes * trials.Outcomes.Count >= 400)
        {
            yield return Claim.Near(
                $"rumor/{variant.Name}/k{k}/residue-of-push-is-e^-m", "Demers et al., PODC 1987, section 1.4",
                Math.Exp(-trials.Traffic), trials.Residue, 0.1);
        }
    }

    /// <summary>The share that infect and die reaches: the root of p = 1 - e^(-f p).</summary>
    public static double ShareOfFanout(int fanout)
    {
        var share = 1.0;
        for (var i = 0; i < 1_000; i++)
        {
            share = 1 - Math.Exp(-fanout * share);
        }

        return share;
    }

    private static IEnumerable<Claim> OfTable(RumorVariant variant, int k, int nodes, RumorTrials trials)
    {
        var id = $"rumor/{variant.Name}/k{k}/";
        if (nodes == 1_000 && trials.Outcomes.Count >= 500
            && Oracles.FirstOrDefault(row => row.Variant == variant.Name && row.K == k) is { } row)
        {
            yield return Claim.Near(id + "residue", row.Source, row.Residue, trials.Residue, 0.1);
            yield return Claim.Near(id + "traffic", row.Source, row.Traffic, trials.Traffic, 0.02);
            yield return Claim.Within(
                id + "t-last", row.Source, row.LastCycle, trials.LastCycle, 0.5 + (row.LastDigit / 2));
        }
    }

    /// <summary>
    /// One trial of 10,000 nodes is off by 0.002 (standard deviation, fanout 4): the tolerance needs 200 of them.
    /// </summary>
    private static IEnumerable<Claim> OfFanout(int fanout, int nodes, RumorTrials trials)
    {
        if (fanout > 1 && nodes >= 10_000 && trials.Outcomes.Count >= 200)
        {
            yield return Claim.Within(
                $"rumor/blind-fanout/f{fanout}/delivery", "theory: p = 1 - e^(-f p) (Kermack and McKendrick, 1927)",
                ShareOfFanout(fanout), 1 - trials.Residue, 0.0005);
        }
    }

    private static IEnumerable<Claim> OfMedian(int k, int nodes, RumorTrials trials)
    {
        double[] messages = [9.69, 14.5, 19.1];
        if (nodes == 10_000 && k is >= 2 and <= 4)
        {
            yield return Claim.Within(
                $"rumor/median-counter/k{k}/traffic", "Karp et al., FOCS 2000, by an independent simulation",
                messages[k - 2], trials.Traffic, 0.5);
            yield return Claim.AtLeast(
                $"rumor/median-counter/k{k}/complete", "Karp et al., FOCS 2000", 1, trials.Complete);
        }
    }

    private static IEnumerable<Claim> OfPushThenPull(int nodes, RumorTrials trials)
    {
        const string Source = "Mercier, Hayez, Matos, arXiv 1709.00198";
        yield return Claim.AtLeast("rumor/push-then-pull/complete", Source, 1, trials.Complete);
        if (nodes >= 10_000)
        {
            yield return Claim.AtMost("rumor/push-then-pull/payloads-per-node", Source, 1.03, trials.Traffic);
        }

        if (nodes == 10_000)
        {
            yield return Claim.AtMost("rumor/push-then-pull/cycles", Source, 18, trials.LastCycle);
        }
    }
}
