namespace Hearsay.Lab;

/// <summary>A known value, drawn across a figure.</summary>
/// <param name="Label">Its name in the legend, with its source.</param>
/// <param name="Value">On the vertical axis.</param>
public sealed record Reference(string Label, double Value);
