namespace Hearsay.Protocols;

/// <summary>Which defect flow updating, push-sum or tournaments have now.</summary>
public static class AggregateMethodDefects
{
    /// <summary>The one that is switched on; one at a time, and for the thread that runs the test.</summary>
    [field: ThreadStatic]
    public static AggregateMethodDefect Current { get; set; }

    /// <summary>Whether it is this one.</summary>
    public static bool Has(AggregateMethodDefect defect) => Current == defect;
}
