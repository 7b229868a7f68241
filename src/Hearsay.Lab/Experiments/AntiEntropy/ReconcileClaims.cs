namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>What is known of rateless sketches, and the targets of this project.</summary>
internal static class ReconcileClaims
{
    private const string Paper = "Yang, Gilad, Alizadeh (SIGCOMM 2024), own program of 100 to 4,000 trials";

    /// <summary>A chunk may overshoot, and the reference figures allow 12 % for it.</summary>
    private const double Overshoot = 1.12;

    /// <summary>What two contexts of 100 writers may take, as long as not much is missing: gaps take room, too.
    /// </summary>
    private const int MostContextBytes = 2_000;

    private const int MostBriefDifference = 100;

    /// <summary>Mean and 99th percentile of cells per difference, and the trials without which chance
    /// decides.</summary>
    private static readonly (int Difference, double Mean, double NinetyNine, int LeastTrials)[] s_overheads =
    [
        (1, 1.00, 1.00, 1), (10, 1.75, 3.5, 1_000), (1_000, 1.39, 1.462, 20), (10_000, 1.365, 1.386, 10),
    ];

    /// <summary>Bytes of negentropy at a million items, which has ids of 32 bytes.</summary>
    private static readonly Dictionary<int, string> s_negentropy = new()
    {
        [1] = "2,357", [10] = "19,182", [1_000] = "1,359,304", [10_000] = "10,526,077",
    };

    /// <summary>The claims for a run.</summary>
    public static IEnumerable<Claim> Of(LabParameters parameters, Row summary)
    {
        var (difference, isRiblt) = (parameters.Whole("--difference"), parameters.Choice("--scheme") == "riblt");
        if (isRiblt && difference * 1.6 > parameters.Whole("--cells"))
        {
            yield break;
        }

        yield return Claim.AtLeast(
            "reconcile/complete", "exactly the difference is found", 1, summary.Number("complete"));
        if (parameters.Choice("--scheme") == "context" && difference <= MostBriefDifference)
        {
            yield return Claim.AtMost("reconcile/context-bytes", "target: 100 writers, both directions",
                MostContextBytes, summary.Number("bytes"));
            yield return Claim.AtMost(
                "reconcile/false-transfers", "only what is lacking is sent", 0, summary.Number("falseTransfers"));
        }

        if (!isRiblt)
        {
            yield break;
        }

        foreach (var (known, mean, ninetyNine, trials) in s_overheads)
        {
            if (known == difference && parameters.Whole("--trials") >= trials)
            {
                yield return Claim.AtMost("reconcile/cells", Paper, mean, summary.Number("cellsPerDifference"));
                yield return Claim.AtMost("reconcile/cells-p99", Paper + ", +3 %", Math.Round(1.03 * ninetyNine, 3),
                    summary.Number("cellsPerDifferenceP99"));
            }
        }

        foreach (var claim in Bytes(parameters, summary, difference))
        {
            yield return claim;
        }

        yield return Claim.AtMost("reconcile/round-trips", "target; negentropy needs 3 at a million items",
            difference == 0 ? 0 : 1, summary.Number("roundTrips"));
    }

    private static IEnumerable<Claim> Bytes(LabParameters parameters, Row summary, int difference)
    {
        if (parameters.Choice("--id-bytes") != "8")
        {
            yield break;
        }

        if (difference == 0)
        {
            yield return Claim.AtMost("reconcile/bytes", "target for equal replicas", 64, summary.Number("bytes"));
        }
        else if (difference == 1)
        {
            yield return Claim.AtMost("reconcile/bytes", "target: the first chunk" + Beside(parameters, difference),
                300, summary.Number("bytes"));
        }
        else if (difference >= 1_000)
        {
            var factor = parameters.Choice("--check-bytes") == "8" ? 2.9 : 2.2;
            yield return Claim.AtMost("reconcile/bytes-per-8d",
                $"target: {Claim.Text(factor)}, +12 % for the last chunk" + Beside(parameters, difference),
                Math.Round(factor * Overshoot, 3), summary.Number("bytes") / (8.0 * difference));
        }
    }

    private static string Beside(LabParameters parameters, int difference)
    {
        var bound = $"; ids of 8 bytes; lower bound {Claim.Text(Math.Round(LowerBound(difference)))} bytes";
        return parameters.Whole("--items") == 1_000_000 && s_negentropy.TryGetValue(difference, out var bytes)
            ? $"{bound}; negentropy {bytes} with ids of 32" : bound;
    }

    /// <summary>log2 of the ways to choose D ids of 64 bits, in bytes: no scheme can do with less.</summary>
    public static double LowerBound(int difference)
    {
        var bits = 64.0 * difference;
        for (var i = 2; i <= difference; i++)
        {
            bits -= Math.Log2(i);
        }

        return bits / 8;
    }
}
