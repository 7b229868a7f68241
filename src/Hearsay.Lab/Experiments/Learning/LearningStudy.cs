namespace Hearsay.Lab.Experiments.Learning;

/// <summary>A question about gossip learning that some runs on the same splits answer.</summary>
/// <param name="Id">Its word on the command line.</param>
/// <param name="Variants">What is compared.</param>
/// <param name="Claims">What must hold.</param>
internal sealed record LearningStudy(
    string Id, IReadOnlyList<LearningVariant> Variants, Func<LearningMeasure, IEnumerable<Claim>> Claims);
