namespace Hearsay.Simulation;

/// <summary>
/// Delta debugging: takes away halves, quarters and so on of a plan while what is left still fails
/// (Zeller, Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
/// </summary>
public static class PlanShrinker
{
    /// <summary>No more runs than this.</summary>
    private const int MostRuns = 200;

    /// <summary>The shortest plan found that still fails.</summary>
    /// <param name="plan">A plan that fails.</param>
    /// <param name="fails">Whether a plan fails in the same way.</param>
    public static FaultPlan Shrink(FaultPlan plan, Func<FaultPlan, bool> fails)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(fails);
        if (fails(FaultPlan.None))
        {
            return FaultPlan.None;
        }

        var faults = plan.Faults.ToList();
        var runs = 0;
        for (var size = (faults.Count + 1) / 2; size >= 1 && runs < MostRuns;)
        {
            var shorter = false;
            for (var start = 0; start < faults.Count && runs < MostRuns;)
            {
                var rest = faults.Where((_, i) => i < start || i >= start + size).ToList();
                runs++;
                if (rest.Count < faults.Count && fails(new FaultPlan(rest)))
                {
                    (faults, shorter) = (rest, true);
                }
                else
                {
                    start += size;
                }
            }

            size = shorter && size == 1 ? 1 : size / 2;
        }

        return new FaultPlan(faults);
    }
}
