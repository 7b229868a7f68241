namespace Hearsay.Protocols;

/// <summary>Which defect rumor mongering has now.</summary>
public static class RumorDefects
{
    /// <summary>The one that is switched on; one at a time, and for the thread that runs the test.</summary>
    [field: ThreadStatic]
    public static RumorDefect Current { get; set; }

    /// <summary>Whether it is this one.</summary>
    public static bool Has(RumorDefect defect) => Current == defect;
}
