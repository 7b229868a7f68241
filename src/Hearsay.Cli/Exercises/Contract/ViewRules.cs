namespace Hearsay.Exercises;

/// <summary>What a merge must know of the node that merges.</summary>
/// <param name="Self">Its own number.</param>
/// <param name="Size">c: how many entries its view has room for.</param>
/// <param name="Healing">H.</param>
/// <param name="Swap">S.</param>
public sealed record ViewRules(int Self, int Size, int Healing, int Swap);
