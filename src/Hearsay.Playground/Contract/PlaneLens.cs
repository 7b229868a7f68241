namespace Hearsay.Playground.Contract;

/// <summary>
/// A plane in which every node has points of two classes and a line that parts them. The line of a node is three of its
/// values: the weights of x and y, and the bias.
/// </summary>
/// <param name="Line">The first of the three values, by index.</param>
/// <param name="Reach">How far the plane is shown in each direction.</param>
/// <param name="Help">How to read it, in a sentence.</param>
internal sealed record PlaneLens(int Line, double Reach, string Help);
