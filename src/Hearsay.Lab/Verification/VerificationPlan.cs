namespace Hearsay.Lab;

/// <summary>Which runs check all claims of the lab.</summary>
public static class VerificationPlan
{
    /// <summary>The runs, those that take longest first.</summary>
    /// <param name="quick">Whether they fit three minutes instead of thirty.</param>
    public static IReadOnlyList<PlannedRun> Of(bool quick) => quick ? s_quick : s_full;

    private static readonly PlannedRun[] s_quick =
    [
        new("heal", "preset healer cycles 10"),
        new("heal", "healing 1 swap 0 cycles 30"),
        new("heal", "healing 1 swap 14 cycles 30"),
        new("heal", "preset swapper cycles 30"),
        new("overlay", "cycles 0"),
        new("overlay", "preset blind metrics-every 50"),
    ];

    private static readonly PlannedRun[] s_full = s_quick;
}
