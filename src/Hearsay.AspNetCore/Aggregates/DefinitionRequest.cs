namespace Hearsay.AspNetCore.Aggregates;

/// <summary>What a caller says of an aggregate; all of it is part of the aggregate's identity.</summary>
/// <param name="Kind">Such as <c>average</c> or <c>sum</c>; null for an average.</param>
/// <param name="Minimum">The lower bound of values.</param>
/// <param name="Maximum">The upper bound of values.</param>
/// <param name="Trimmed">Whether exchanges that would move the value very far are refused.</param>
/// <param name="Precision">Of a sketch, and of the rank of a quantile.</param>
/// <param name="Method">Such as <c>pushpull</c>; null for the kind's default.</param>
/// <param name="Quantile">The rank of a quantile.</param>
internal sealed record DefinitionRequest(
    string? Kind = null, double? Minimum = null, double? Maximum = null, bool Trimmed = false,
    double? Precision = null, string? Method = null, double? Quantile = null);
