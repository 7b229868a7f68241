namespace Hearsay.AspNetCore.Aggregates;

/// <summary>The value below which a share of all values lies.</summary>
internal sealed record QuantileItem(double Share, double? Value);
