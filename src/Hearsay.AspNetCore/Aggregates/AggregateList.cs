namespace Hearsay.AspNetCore.Aggregates;

/// <summary>Several aggregates.</summary>
internal sealed record AggregateList(IReadOnlyList<AggregateItem> Aggregates);
