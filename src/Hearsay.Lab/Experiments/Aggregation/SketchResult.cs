namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>One run of sketches.</summary>
/// <param name="Rows">One per cycle.</param>
/// <param name="Agreed">Whether all nodes held the union at the end.</param>
/// <param name="Union">What the union tells.</param>
internal sealed record SketchResult(List<Row> Rows, bool Agreed, double Union);
