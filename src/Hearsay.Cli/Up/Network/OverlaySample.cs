namespace Hearsay.Cli.Up.Network;

/// <summary>The overlay of the live nodes at one moment.</summary>
/// <param name="Live">Live nodes.</param>
/// <param name="Joined">Of those, with a view that is not empty.</param>
/// <param name="MeanView">Entries per view.</param>
/// <param name="LeastView">Entries of the smallest view.</param>
/// <param name="InDegreeDeviation">The standard deviation of in-degrees.</param>
/// <param name="RandomDeviation">The same if views were uniform random choices.</param>
/// <param name="Clustering">The clustering coefficient.</param>
/// <param name="Components">Weakly connected components.</param>
/// <param name="DeadLinks">Entries of live nodes that are not alive.</param>
internal sealed record OverlaySample(
    int Live,
    int Joined,
    double MeanView,
    int LeastView,
    double InDegreeDeviation,
    double RandomDeviation,
    double Clustering,
    int Components,
    int DeadLinks);
