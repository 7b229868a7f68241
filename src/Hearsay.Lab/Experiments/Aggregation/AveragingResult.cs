namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>One run of averaging.</summary>
/// <param name="Rows">One per cycle.</param>
/// <param name="MassError">How far the sum of the values has moved, relative to it; of push-sum 0.</param>
/// <param name="Variation">Standard deviation over mean of the values at the start.</param>
/// <param name="NodeSteps">Turns taken.</param>
internal sealed record AveragingResult(List<Row> Rows, double MassError, double Variation, long NodeSteps);
