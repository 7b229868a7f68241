namespace Hearsay.Learning;

/// <summary>
/// A standardisation that the network agreed on by aggregation. No node sends its records for it. Only means travel,
/// and are averaged with those of other nodes.
/// </summary>
/// <remarks>
/// Keep it as long as the node learns. Until it is disposed the node takes part, so that nodes that join later agree on
/// the same numbers. Safe on any thread.
/// </remarks>
public sealed class AgreedStandardisation : IDisposable
{
    /// <summary>The maximum number of features: each takes two of the 256 aggregates that a node can have.</summary>
    public const int MaximumFeatures = 120;

    private readonly IReadOnlyList<Aggregate> _aggregates;

    internal AgreedStandardisation(Standardisation standardisation, long epoch, IReadOnlyList<Aggregate> aggregates) =>
        (Standardisation, Epoch, _aggregates) = (standardisation, epoch, aggregates);

    /// <summary>The means and deviations of all records of all nodes.</summary>
    public Standardisation Standardisation { get; }

    /// <summary>The epoch of aggregation in which the nodes agreed on them.</summary>
    public long Epoch { get; }

    /// <summary>Stops taking part. The standardisation stays as it is.</summary>
    public void Dispose()
    {
        foreach (var aggregate in _aggregates)
        {
            aggregate.Dispose();
        }
    }

    /// <summary>Takes part until a whole epoch has ended.</summary>
    internal static async Task<AgreedStandardisation> AgreeAsync(
        GossipNode node, LearningData data, string name, double leastShare, CancellationToken cancellationToken)
    {
        var aggregates = new List<Aggregate>();
        try
        {
            for (var feature = 0; feature < data.FeatureCount; feature++)
            {
                var (mean, square) = Moments(data, feature);
                double records = data.RowCount;
                aggregates.Add(node.GetAggregate($"{name}/{feature}/mean").WeightedAverage(() => (mean, records)));
                aggregates.Add(node.GetAggregate($"{name}/{feature}/square").WeightedAverage(() => (square, records)));
            }

            while (true)
            {
                // The last of them: by then the others have mostly ended the epoch too.
                await foreach (var estimate in aggregates[^1].WatchAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (estimate.Contributors >= leastShare && Read(aggregates) is { } agreed)
                    {
                        return new AgreedStandardisation(agreed, estimate.Epoch, aggregates);
                    }
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch
        {
            aggregates.ForEach(static aggregate => aggregate.Dispose());
            throw;
        }
    }

    private static Standardisation? Read(List<Aggregate> aggregates)
    {
        var finals = aggregates.ConvertAll(static aggregate => aggregate.Final);
        if (!finals.TrueForAll(final => final.IsReady && final.Epoch == finals[0].Epoch))
        {
            return null;
        }

        var (means, variances) = (new double[finals.Count / 2], new double[finals.Count / 2]);
        for (var feature = 0; feature < means.Length; feature++)
        {
            means[feature] = finals[2 * feature].Value;
            var variance = finals[(2 * feature) + 1].Value - (means[feature] * means[feature]);

            // Below what aggregation can tell apart from a constant.
            variances[feature] = variance > 1e-9 * means[feature] * means[feature] ? variance : 0;
        }

        return new Standardisation(means, variances);
    }

    private static (double Mean, double Square) Moments(LearningData data, int feature)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var row = 0; row < data.RowCount; row++)
        {
            double value = data.Features(row)[feature];
            sum += value;
            squares += value * value;
        }

        return (sum / data.RowCount, squares / data.RowCount);
    }
}
