namespace Hearsay.Lab;

/// <summary>
/// Something the lab can measure: a figure of the literature, a claim about gossip, or a free run. The same seed and
/// parameters give the same numbers on any machine and with any number of threads; only times and memory differ.
/// </summary>
public interface IExperiment
{
    /// <summary>How it is called on the command line.</summary>
    string Name { get; }

    /// <summary>What it shows, in one line.</summary>
    string Summary { get; }

    /// <summary>The options it takes.</summary>
    IReadOnlyList<LabOption> Options { get; }

    /// <summary>Whether it runs whole nodes, perhaps only with some options, so that they can be traced.</summary>
    bool RunsWholeNodes => false;

    /// <summary>Runs it.</summary>
    /// <param name="parameters">Made from <see cref="Options"/>.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <exception cref="LabUsageException">Parameters that do not go together.</exception>
    ExperimentResult Run(LabParameters parameters, ILabProgress progress);
}
