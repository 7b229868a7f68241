namespace Hearsay;

/// <summary>
/// All counters of a node and of its features at one moment, for a status page or a support request. Immutable.
/// </summary>
/// <remarks>
/// The names are those of the instruments of the meter <c>Hearsay</c> (<c>docs/metrics.md</c>). The meter shows sums
/// over the nodes that share it; this shows one node. The numbers are read one after the other while the node runs.
/// </remarks>
public sealed record NodeDiagnostics
{
    /// <summary>The id of the node.</summary>
    public required NodeId Id { get; init; }

    /// <summary>The addresses at which other nodes reach the node.</summary>
    public required NodeAddresses Addresses { get; init; }

    /// <summary>The name of its cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The number of peers in its view.</summary>
    public required int ViewCount { get; init; }

    /// <summary>The smoothed round-trip time to its partners; zero before the first measurement.</summary>
    public required TimeSpan RoundTrip { get; init; }

    /// <summary>All numbers, grouped by instrument. A feature that the node does not run shows 0.</summary>
    public required IReadOnlyList<NodeMeasurement> Measurements { get; init; }

    /// <summary>
    /// The distributions of the values that the node measured: how long messages travelled, how exact aggregates were.
    /// A feature that the node does not run has none.
    /// </summary>
    public IReadOnlyList<NodeHistogram> Histograms { get; init; } = [];

    /// <summary>Returns the sum of the numbers of an instrument, or one of them.</summary>
    /// <param name="name">The name of the instrument.</param>
    /// <param name="tagValue">The value of the tag of one number; null for the sum of all.</param>
    /// <exception cref="KeyNotFoundException">There is no such number.</exception>
    public double Sum(string name, string? tagValue = null)
    {
        var found = Measurements.Where(one => one.Name == name && (tagValue is null || one.TagValue == tagValue));
        return found.Any()
            ? found.Sum(static one => one.Value)
            : throw new KeyNotFoundException(
                tagValue is null ? $"There is no number '{name}'." : $"There is no number '{name}' of '{tagValue}'.");
    }
}
