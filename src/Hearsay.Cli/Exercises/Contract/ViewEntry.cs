namespace Hearsay.Exercises;

/// <summary>An entry of a view.</summary>
/// <param name="Node">The number of the node that it names.</param>
/// <param name="Age">How old what is known of that node is, in cycles.</param>
public readonly record struct ViewEntry(int Node, int Age);
