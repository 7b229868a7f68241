using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Lab;
using Hearsay.Lab.Sweeps;

namespace Hearsay.Cli.Lab;

/// <summary><c>hearsay lab sweep</c>: an experiment over grids of options and seeds, one row per run.</summary>
internal static class LabSweepCommand
{
    private static readonly Argument<string> s_experiment = new("EXPERIMENT")
    {
        Description = "The experiment; 'hearsay lab list' lists all of them.",
    };

    private static readonly Option<string[]> s_grids = new("--grid")
    {
        Description = "Values of one option; ranges as 1..10 or 0..100..5. Once per option.",
        HelpName = "OPTION=VALUE,VALUE,...", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> s_seeds = new("--seeds")
    {
        Description = "Seeds, each of which runs the whole grid.", HelpName = "1..10",
    };

    private static readonly Option<string?> s_shard = new("--shard")
    {
        Description = "Runs only the I-th of N parts; by itself in a Slurm array and, with HEARSAY_SHARDS set, in a "
            + "Kubernetes indexed job. FILE.csv becomes FILE.I-of-N.csv.",
        HelpName = "I/N",
    };

    private static readonly Option<int?> s_parallel = CheckedOption.Integer(
        "--parallel", "The number of runs at a time, each on one thread. Default: one per core.", 1, 1024);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var output = Output("The file for the rows, one per run: FILE.csv or FILE.jsonl. Runs that it has already "
            + "are not repeated.");
        var command = new Command(
            "sweep",
            "Runs an experiment over grids of options and seeds; can be stopped and started again. Exit codes: 0 if "
            + "all was run (the rows tell which claims failed), 2 for a usage error.")
        {
            s_experiment, s_grids, s_seeds, output, s_shard, s_parallel, CreateMerge(),
        };
        command.SetAction(parsed => Guarded(
            parsed.InvocationConfiguration, () => Run(parsed, parsed.GetValue(output)!)));
        return command;
    }

    private static Command CreateMerge()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "The files of the parts.", Arity = ArgumentArity.OneOrMore,
        };
        var output = Output("The merged file; it is written anew.");
        var command = new Command("merge", "Merges the files of several parts into one, without duplicates.")
        {
            files, output,
        };
        command.SetAction(parsed => Guarded(parsed.InvocationConfiguration, () =>
        {
            var (rows, doubles) = SweepMerge.Merge(parsed.GetValue(files)!, parsed.GetValue(output)!);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{rows:N0} rows in {parsed.GetValue(output)}, {doubles:N0} duplicates left out.");
        }));
        return command;
    }

    private static Option<string> Output(string description) =>
        new("--out") { Description = description, HelpName = "FILE", Required = true };

    private static void Run(ParseResult parsed, string path)
    {
        var console = parsed.InvocationConfiguration;
        var plan = new SweepPlan(
            ExperimentRegistry.Find(parsed.GetValue(s_experiment)!), parsed.GetValue(s_grids) ?? [],
            parsed.GetValue(s_seeds));
        var shard = SweepShard.Find(parsed.GetValue(s_shard), Environment.GetEnvironmentVariable);
        path = shard.PathOf(path);
        using var file = new SweepFile(path, plan.Experiment.Name);
        if (file.Torn > 0)
        {
            console.Error.WriteLine($"{path}: a torn last line of {file.Torn:N0} bytes was removed.");
        }

        SweepOutcome outcome;
        using (var progress = new ProgressLine(console.Error, $"sweep {plan.Experiment.Name}"))
        {
            outcome = Sweep.Run(
                plan, shard, file, parsed.GetValue(s_parallel) ?? Environment.ProcessorCount, progress);
        }

        if (outcome.Refused > 0 && shard == SweepShard.Whole && file.Count == 0)
        {
            throw new LabUsageException($"No run of this grid is possible: {outcome.FirstRefusal}");
        }

        if (outcome.Refused > 0)
        {
            console.Error.WriteLine(
                $"{outcome.Refused:N0} runs were left out because their options cannot be combined: "
                + $"{outcome.FirstRefusal}");
        }

        console.Output.WriteLine(
            $"{path}: {outcome.Ran:N0} runs done, {outcome.Present:N0} were there, {file.Count:N0} rows.");
    }

    private static int Guarded(InvocationConfiguration console, Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (LabUsageException wrong)
        {
            console.Error.WriteLine(wrong.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            console.Error.WriteLine($"A file cannot be read or written: {failure.Message}");
        }

        return ExitCode.UsageError;
    }
}
