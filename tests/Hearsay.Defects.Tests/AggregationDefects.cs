namespace Hearsay.Protocols;

/// <summary>Which defect aggregation has now.</summary>
public static class AggregationDefects
{
    /// <summary>The one that is switched on; one at a time.</summary>
    public static AggregationDefect Current { get; set; }

    /// <summary>Whether it is this one.</summary>
    public static bool Has(AggregationDefect defect) => Current == defect;
}
