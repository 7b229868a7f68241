namespace Hearsay.AspNetCore.Node;

/// <summary>Who this node is.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Addresses">At which other nodes reach it.</param>
/// <param name="LocalAddress">On which it listens.</param>
/// <param name="Cluster">The name of the cluster.</param>
/// <param name="Security">The effective security: the mode, and the name of the key that seals.</param>
/// <param name="Metadata">What it tells of itself, in base 64.</param>
/// <param name="Incarnation">Rises with every start and change.</param>
/// <param name="Peers">In the view.</param>
/// <param name="ViewSize">The most that the view holds.</param>
/// <param name="CycleTimeSeconds">The time between exchanges.</param>
/// <param name="RoundTripSeconds">The smoothed round-trip time; null before the first measurement.</param>
/// <param name="NetworkSize">About how many nodes there are; null while that is not known.</param>
/// <param name="Health">As <c>/v1/health/ready</c> tells it.</param>
/// <param name="Version">Of the service.</param>
internal sealed record NodeItem(
    string Id, string[] Addresses, string LocalAddress, string Cluster, string Security, byte[] Metadata,
    ulong Incarnation, int Peers, int ViewSize, double CycleTimeSeconds, double? RoundTripSeconds, double? NetworkSize,
    string Health, string Version);
