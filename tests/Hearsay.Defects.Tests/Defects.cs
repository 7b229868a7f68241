namespace Hearsay.Protocols;

/// <summary>Which defect the sources have now.</summary>
public static class Defects
{
    /// <summary>The one that is switched on; one at a time, and for the thread that runs the test.</summary>
    [field: ThreadStatic]
    public static Defect Current { get; set; }

    /// <summary>Whether it is this one.</summary>
    public static bool Has(Defect defect) => Current == defect;
}
