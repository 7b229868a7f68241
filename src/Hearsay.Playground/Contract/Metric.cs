namespace Hearsay.Playground.Contract;

/// <summary>A number about the whole network, drawn as a curve.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Unit">Its unit; empty where it has none.</param>
/// <param name="Help">How to read it, in a sentence.</param>
internal sealed record Metric(string Label, string Unit, string Help)
{
    /// <summary>Whether its curve is drawn over a logarithmic axis.</summary>
    public bool Logarithmic { get; init; }
}
