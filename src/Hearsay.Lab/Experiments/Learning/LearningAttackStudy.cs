using Hearsay.Lab.Models.Learning;
using Hearsay.Learning;

namespace Hearsay.Lab.Experiments.Learning;

/// <summary>A fifth of the nodes attack: what becomes of plain merging, and of the robust forms.</summary>
internal static class LearningAttackStudy
{
    private const double Attackers = 0.2;

    private static readonly string[] s_attacks = ["flip", "noise", "age"];

    /// <summary>Noise a hundred and a hundred thousand times as large, with the own age or a claimed one.</summary>
    private static readonly string[] s_largeAttacks = ["noise-1000", "noise-1e6", "noise-1000-age", "noise-1e6-age"];

    /// <summary>The study over a run without attackers.</summary>
    public static LearningStudy Of(LearningRunOptions honest)
    {
        var uniform = honest with { Sampler = "uniform", MetricsEvery = 50 };
        var attacked = from attack in s_attacks.Concat(s_largeAttacks)
                       from robust in Enum.GetValues<RobustForm>()
                       where robust != RobustForm.None || s_attacks.Contains(attack)
                       select new LearningVariant(
                           $"{attack}-{robust.ToString().ToLowerInvariant()}",
                           uniform with
                           {
                               Attackers = Attackers, Attack = attack,
                               Learning = uniform.Learning with { Robust = robust },
                           },
                           IsDrawn: s_attacks.Contains(attack));
        return new LearningStudy("attackers", [new("clean", uniform), .. attacked], ClaimsOf);
    }

    /// <summary>Wrong labels alone do not ruin a merge by age; noise and claimed ages do.</summary>
    private static IEnumerable<Claim> ClaimsOf(LearningMeasure measure)
    {
        foreach (var attack in s_attacks.Concat(s_largeAttacks))
        {
            yield return measure.Behind($"{attack}-clip", "clean", 100, 0.03);
            yield return measure.Behind($"{attack}-nearest", "clean", 100, 0.03);
        }

        foreach (var attack in s_attacks.Where(static attack => attack != "flip"))
        {
            yield return Claim.AtLeast(
                measure.Id($"{attack}-none-is-ruined"), measure.Source, 0.15,
                measure.Differences($"{attack}-none", "clean", 100).Average());
        }
    }
}
