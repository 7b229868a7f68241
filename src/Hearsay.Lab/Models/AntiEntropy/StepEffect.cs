namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>What a step does to what can be seen of the nodes that it names; nobody else changes.</summary>
/// <param name="HadEffect">Whether it did anything.</param>
/// <param name="Differs">Whether one of these nodes does not show what it must after it.</param>
/// <param name="Node">What the node shows and claims after it, and what it must.</param>
/// <param name="Other">The same of the other node; 0 if there is none.</param>
internal readonly record struct StepEffect(bool HadEffect, bool Differs, UInt128 Node, UInt128 Other);
