namespace Hearsay.AspNetCore.Aggregates;

/// <summary>What a caller gives to an aggregate, again at the start of each epoch until the lease is over.</summary>
/// <param name="Value">One number.</param>
/// <param name="Weight">Its weight, in a weighted average.</param>
/// <param name="Values">Many numbers, for quantiles, a histogram or a sample.</param>
/// <param name="Items">Texts, for a distinct count.</param>
/// <param name="LeaseSeconds">How long it counts; null for 90 s, which is three epochs by default.</param>
internal sealed record ValueRequest(
    double? Value = null, double? Weight = null, double[]? Values = null, string[]? Items = null,
    int? LeaseSeconds = null);
