using Hearsay.Lab.Models.Learning;

namespace Hearsay.Lab.Experiments.Learning;

/// <summary>What the runs of a study gave: every variant on every split, so that differences are paired.</summary>
internal sealed class LearningMeasure(string study, IReadOnlyDictionary<string, LearningOutcome[]> outcomes)
{
    /// <summary>The outcomes of a variant, one per split.</summary>
    public LearningOutcome[] this[string variant] => outcomes[variant];

    /// <summary>The mean error of a variant after a cycle.</summary>
    public double Error(string variant, int cycle) => this[variant].Average(outcome => outcome.ErrorAt(cycle));

    /// <summary>The differences of two variants after a cycle, one per split.</summary>
    public double[] Differences(string variant, string other, int cycle) =>
        [.. this[variant].Zip(this[other], (left, right) => left.ErrorAt(cycle) - right.ErrorAt(cycle))];

    /// <summary>The error after a cycle is at most a bound.</summary>
    public Claim AtMost(string variant, int cycle, double bound) =>
        Claim.AtMost($"learning/{study}/{variant}-c{cycle}", Source, bound, Error(variant, cycle));

    /// <summary>A variant is behind another by at most a bound, paired over splits.</summary>
    public Claim Behind(string variant, string other, int cycle, double bound) => Claim.AtMost(
        $"learning/{study}/{variant}-behind-{other}-c{cycle}", Source, bound,
        Differences(variant, other, cycle).Average());

    /// <summary>
    /// A variant is not behind another: the lower end of the interval of the paired difference is not above 0.
    /// </summary>
    public Claim NotWorse(string variant, string other, int cycle)
    {
        var differences = Differences(variant, other, cycle);
        return Claim.AtMost(
            $"learning/{study}/{variant}-significantly-behind-{other}-c{cycle}", Source, 0,
            differences.Average() - SplitStatistics.HalfInterval(differences));
    }

    /// <summary>A variant is behind federated averaging after as many rounds by at most a bound.</summary>
    public Claim BehindFederated(string variant, int cycle, double bound) => Claim.AtMost(
        $"learning/{study}/{variant}-behind-federated-c{cycle}", Source, bound,
        this[variant].Average(outcome => outcome.ErrorAt(cycle) - outcome.Federated[cycle]));

    /// <summary>Any other claim of the study.</summary>
    public string Id(string what) => $"learning/{study}/{what}";

    /// <summary>Where the expectations come from.</summary>
    public string Source => study switch
    {
        "attackers" => "own bound: three points behind a run without attackers",
        "l11" => "own measurement; Danner (2023) claims the opposite",
        _ => $"acceptance figure {study.ToUpperInvariant()}",
    };
}
