namespace Hearsay.AspNetCore.Aggregates;

/// <summary>A bin of a histogram.</summary>
/// <param name="From">Its lower end.</param>
/// <param name="Share">The share of all values in it.</param>
internal sealed record BinItem(double From, double Share);
