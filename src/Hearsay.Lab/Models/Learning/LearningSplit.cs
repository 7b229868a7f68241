using Hearsay.Learning;

namespace Hearsay.Lab.Models.Learning;

/// <summary>One split of data.</summary>
/// <param name="Train">What the nodes have.</param>
/// <param name="Test">What tests their models.</param>
/// <param name="Seed">The seed of everything that runs on this split.</param>
internal sealed record LearningSplit(LearningData Train, LearningData Test, ulong Seed);
