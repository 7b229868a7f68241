using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>One aggregate at one node that another method than push-pull computes.</summary>
internal abstract class CarriedSlot(ulong id, AggregateDefinition definition)
{
    /// <summary>The aggregate's id.</summary>
    public ulong Id { get; } = id;

    /// <summary>What it is.</summary>
    public AggregateDefinition Definition { get; } = definition;

    /// <summary>How far nodes disagreed.</summary>
    public Disagreement Disagreement { get; } = new();

    /// <summary>An estimate for the application; sums and counts are means times the network's size.</summary>
    protected AggregateEstimate Estimate(
        double value, double error, long epoch, int cycle, TimeSpan age, bool isFinal, bool isReady,
        double contributors, NetworkSizeEstimate? networkSize)
    {
        if (Definition.Kind is AggregateKind.Sum or AggregateKind.Count)
        {
            var size = networkSize ?? NetworkSizeEstimate.None;
            (value, error) = (value * size.Size, Together(error * size.Size, value * size.Error));
        }

        isReady &= double.IsFinite(value) && double.IsFinite(error);
        return new AggregateEstimate(
            Definition, value, error, epoch, cycle, age, isFinal && isReady, isReady, contributors);
    }

    /// <summary>Two errors that have nothing to do with each other.</summary>
    protected static double Together(double one, double other) => Math.Sqrt((one * one) + (other * other));
}
