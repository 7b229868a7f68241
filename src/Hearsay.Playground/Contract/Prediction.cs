namespace Hearsay.Playground.Contract;

/// <summary>
/// What a visitor is asked before the run. The run answers: each answer is a range of a metric, and the one that holds
/// at the moment asked about is what happened.
/// </summary>
/// <param name="Question">The question.</param>
/// <param name="Side">Which side is looked at: 0 or 1.</param>
/// <param name="Metric">Which metric of the scene, by index; or <see cref="Lamp"/>.</param>
/// <param name="At">When it is looked at.</param>
/// <param name="Answers">The answers, without gaps between their ranges.</param>
/// <param name="Why">What explains it, told afterwards.</param>
internal sealed record Prediction(
    string Question, int Side, int Metric, TimeSpan At, IReadOnlyList<PredictedAnswer> Answers, string Why)
{
    /// <summary>
    /// In place of a metric: the first lamp that goes out, by its place among those of all scenes, and -1 while all
    /// burn.
    /// </summary>
    public const int Lamp = -1;
}
