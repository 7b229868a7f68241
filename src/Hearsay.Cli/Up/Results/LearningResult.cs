namespace Hearsay.Cli.Up.Results;

/// <summary>How well the nodes of a network learned: shares of the test records that models get wrong.</summary>
/// <param name="Cycles">For how many cycles they learned.</param>
/// <param name="Mean">The mean over the nodes.</param>
/// <param name="Worst">The worst node.</param>
/// <param name="Median">The median node.</param>
/// <param name="Best">The best node.</param>
/// <param name="Simulated">The mean of the lab's simulation, with the same data and as many cycles.</param>
/// <param name="Central">A model that is trained on all data in one place.</param>
/// <param name="Local">The mean of nodes that learn alone.</param>
internal sealed record LearningResult(
    int Cycles, double Mean, double Worst, double Median, double Best, double Simulated, double Central,
    double Local);
