namespace Hearsay.Lab;

/// <summary>One run of the verification.</summary>
/// <param name="Experiment">Which experiment.</param>
/// <param name="Arguments">Its options as on a command line, dashes left out: "nodes 100 seed 3".</param>
/// <param name="Seconds">About how long it takes, to run the longest first and to tell the time left.</param>
public sealed record PlannedRun(string Experiment, string Arguments, double Seconds = 1)
{
    /// <summary>What to type after <c>hearsay lab run</c>.</summary>
    public string Command => string.Join(' ', Words().Chunk(2).Select(pair => $"--{pair[0]} {pair[1]}")
        .Prepend(Experiment));

    /// <summary>Runs it on one thread.</summary>
    public ExperimentResult Run(ILabProgress progress)
    {
        var experiment = ExperimentRegistry.Find(Experiment);
        string[] words = [.. Words(), "threads", "1"];
        return experiment.Run(
            new LabParameters(experiment.Options, words.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1])),
            progress);
    }

    private string[] Words() => Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
