namespace Hearsay.Protocols;

/// <summary>Which defect stable neighbours have now.</summary>
public static class NeighbourDefects
{
    /// <summary>The one that is switched on; one at a time, and for the thread that runs the test.</summary>
    [field: ThreadStatic]
    public static NeighbourDefect Current { get; set; }

    /// <summary>Whether it is this one.</summary>
    public static bool Has(NeighbourDefect defect) => Current == defect;
}
