using Hearsay.Lab.Models.Learning;

namespace Hearsay.Lab.Experiments.Learning;

/// <summary>One of the runs that a study compares.</summary>
/// <param name="Name">Its name in the rows.</param>
/// <param name="Options">What runs.</param>
/// <param name="Data">The data set.</param>
/// <param name="HasBaselines">Whether central and federated training run beside it.</param>
/// <param name="IsDrawn">Whether it is a curve of the picture: more than ten have no colours of their own.</param>
internal sealed record LearningVariant(
    string Name, LearningRunOptions Options, string Data = "spambase", bool HasBaselines = false,
    bool IsDrawn = true);
