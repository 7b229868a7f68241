namespace Hearsay.Playground.Contract;

/// <summary>An invariant that is checked while the network runs.</summary>
/// <param name="Rules">The rules of the checker that it stands for.</param>
/// <param name="Label">A few words.</param>
/// <param name="Help">What it says, in a sentence.</param>
internal sealed record Lamp(IReadOnlyList<string> Rules, string Label, string Help);
