namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>The world of a schedule.</summary>
/// <param name="Store">What keeps the map.</param>
/// <param name="Replicas">Nodes.</param>
/// <param name="Keys">Keys.</param>
internal sealed record ScheduleOptions(StoreKind Store, int Replicas, int Keys);
