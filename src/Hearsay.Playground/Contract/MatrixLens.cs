namespace Hearsay.Playground.Contract;

/// <summary>
/// What the matrix of a scene counts in place of who knows whom: a row for each node, and in it how often each other
/// node was the target. The world writes the rows, see <see cref="Worlds.World.WriteRow"/>.
/// </summary>
/// <param name="Label">What was done to a target, as one word: <c>drawn</c>.</param>
/// <param name="Help">How to read it, in a sentence.</param>
internal sealed record MatrixLens(string Label, string Help);
