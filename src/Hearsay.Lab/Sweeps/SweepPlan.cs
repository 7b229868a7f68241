namespace Hearsay.Lab.Sweeps;

/// <summary>All runs of a sweep: every combination of the values of its options. None is kept in memory.</summary>
internal sealed class SweepPlan
{
    /// <summary>The most runs of one sweep.</summary>
    public const int MostRuns = 1_000_000;

    private readonly SweepAxis[] _axes;

    /// <summary>Makes a plan.</summary>
    /// <param name="experiment">What is run.</param>
    /// <param name="grids">"OPTION=a,b,c" each.</param>
    /// <param name="seeds">Seeds as a list, or null for the experiment's default.</param>
    /// <exception cref="LabUsageException">A grid is wrong, or there are too many runs.</exception>
    public SweepPlan(IExperiment experiment, IEnumerable<string> grids, string? seeds)
    {
        Experiment = experiment;
        List<SweepAxis> axes = [.. grids.Select(grid => SweepAxis.Parse(grid, experiment.Options))];
        if (seeds is not null)
        {
            var seed = experiment.Options.FirstOrDefault(option => option.Name == "--seed")
                ?? throw new LabUsageException($"--seeds: the experiment {experiment.Name} takes no seed.");
            axes.Add(SeedsOf(seed, seeds));
        }

        var twice = axes.GroupBy(axis => axis.Option.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new LabUsageException($"{twice.Key} is given twice; give all its values in one list.");
        }

        _axes = [.. axes];
        var runs = _axes.Aggregate(
            (Int128)1, (product, axis) => product > MostRuns ? product : product * axis.Values.Count);
        if (runs > MostRuns)
        {
            throw new LabUsageException(
                $"This grid has more than {MostRuns:N0} runs; sweep over fewer values, or in several sweeps.");
        }

        RunCount = (int)runs;
    }

    /// <summary>What is run.</summary>
    public IExperiment Experiment { get; }

    /// <summary>How many runs there are.</summary>
    public int RunCount { get; }

    /// <summary>The options of a run, by name; the last option of the plan varies fastest.</summary>
    public IReadOnlyDictionary<string, string> OptionsOf(int run)
    {
        var values = new Dictionary<string, string>();
        for (var i = _axes.Length - 1; i >= 0; i--)
        {
            values[_axes[i].Option.Name] = _axes[i].Values[run % _axes[i].Values.Count];
            run /= _axes[i].Values.Count;
        }

        return values;
    }

    private static SweepAxis SeedsOf(LabOption seed, string seeds)
    {
        try
        {
            return SweepAxis.Of(seed, seeds);
        }
        catch (LabUsageException wrong)
        {
            throw new LabUsageException($"--seeds {seeds}: {wrong.Message}", wrong);
        }
    }

    /// <summary>What a run is called in a file: its options in alphabetical order.</summary>
    public static string NameOf(IReadOnlyDictionary<string, string> options) => string.Join(
        ' ', options.OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => $"{option.Key.TrimStart('-')}={option.Value}"));
}
