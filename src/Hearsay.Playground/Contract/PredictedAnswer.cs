namespace Hearsay.Playground.Contract;

/// <summary>One of the answers to a question about a run.</summary>
/// <param name="Text">The words.</param>
/// <param name="Least">It happened if the metric is at least this, ...</param>
/// <param name="Below">... and below this.</param>
internal sealed record PredictedAnswer(string Text, double Least, double Below);
