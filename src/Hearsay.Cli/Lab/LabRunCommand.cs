using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Lab;
using Hearsay.Simulation;

namespace Hearsay.Cli.Lab;

/// <summary><c>hearsay lab run NAME</c>: one experiment, a subcommand each so that help shows its options.</summary>
internal static class LabRunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Runs an experiment; 'hearsay lab run NAME --help' shows its options.");
        foreach (var experiment in ExperimentRegistry.All)
        {
            command.Add(Create(experiment));
        }

        return command;
    }

    private static Command Create(IExperiment experiment)
    {
        var command = new Command(experiment.Name, experiment.Summary);
        var options = experiment.Options.Select(Adapt).ToArray();
        Array.ForEach(options, command.Add);
        var json = new Option<bool>("--json")
        {
            Description = "Prints one JSON object to standard output; progress goes to standard error.",
        };
        var directory = new Option<string?>("--out")
        {
            Description = "Writes results.csv, result.json and the figures (SVG, PNG) into this directory.",
        };
        var trace = new Option<string?>("--trace")
        {
            Description = "Writes what happens to the whole nodes of the run, or of the first of several runs, for "
                + "'hearsay play FILE'. The results stay as they are.",
            HelpName = "FILE",
        };
        command.Add(json);
        command.Add(directory);
        if (experiment.RunsWholeNodes)
        {
            command.Add(trace);
        }

        command.SetAction(parsed =>
        {
            var texts = options.Where(option => parsed.GetResult(option) is { Implicit: false })
                .ToDictionary(option => option.Name, option => parsed.GetValue(option)!);
            return Run(new Order(experiment, texts, parsed.GetValue(json), parsed.GetValue(directory),
                experiment.RunsWholeNodes ? parsed.GetValue(trace) : null), parsed.InvocationConfiguration);
        });
        return command;
    }

    /// <summary>An option whose value the experiment's own rule judges.</summary>
    private static Option<string?> Adapt(LabOption option) => new(option.Name)
    {
        Description = HelpColumn.DescriptionOf(
            option.Default is null ? option.Help : $"{option.Help} Default {option.Default}.", option.Allowed),
        Arity = ArgumentArity.ExactlyOne,
        HelpName = HelpColumn.NameOf(option.Allowed),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            try
            {
                option.Parse(text);
            }
            catch (LabUsageException wrong)
            {
                result.AddError(wrong.Message);
            }

            return text;
        },
    };

    /// <summary>0 if all claims hold, also if there are none; 1 if one does not.</summary>
    internal static int ExitCodeOf(ExperimentResult result) => result.Holds ? 0 : 1;

    private static int Run(Order order, InvocationConfiguration console)
    {
        try
        {
            if (order.Directory is not null)
            {
                ResultFiles.RequireWritable(order.Directory);
            }

            var result = Measure(order, console.Error);
            console.Output.WriteLine(
                order.Json ? ResultJson.Of(result) : ResultText.Of(result, Terminal.WidthOf(console.Output)));
            if (order.Directory is not null)
            {
                IReadOnlyList<string> paths;
                using (new ProgressLine(console.Error, $"{order.Experiment.Name}: drawing", isMeasured: false))
                {
                    paths = ResultFiles.Write(result, order.Directory);
                }

                (order.Json ? console.Error : console.Output)
                    .WriteLine($"Wrote {paths.Count} files into {order.Directory}.");
            }

            return ExitCodeOf(result);
        }
        catch (LabUsageException wrong)
        {
            console.Error.WriteLine(wrong.Message);
            return ExitCode.UsageError;
        }
        catch (OutOfMemoryException)
        {
            console.Error.WriteLine("This does not fit the memory of this machine. Use fewer --nodes.");
            return ExitCode.UsageError;
        }
    }

    /// <summary>Runs the experiment, with a trace if one is asked for.</summary>
    /// <exception cref="LabUsageException">It cannot be run, or the trace cannot be written.</exception>
    private static ExperimentResult Measure(Order order, TextWriter error)
    {
        var (experiment, path) = (order.Experiment, order.Trace);
        if (path is null)
        {
            using var progress = new ProgressLine(error, experiment.Name);
            return experiment.Run(new LabParameters(experiment.Options, order.Texts), progress);
        }

        try
        {
            ExperimentResult result;
            using var trace = new LabTrace(path, $"lab run {experiment.Name}", TextOf(order));
            using (var progress = new ProgressLine(error, experiment.Name))
            {
                result = experiment.Run(
                    new LabParameters(experiment.Options, order.Texts) { Trace = trace }, progress);
            }

            trace.Dispose();
            error.WriteLine($"The trace is in {path}. To see it: hearsay play {path}");
            error.Write(trace.NodesLeftOut > 0
                ? $"It tells of the first {NetworkTrace.MaximumNodes:N0} nodes. Use fewer --nodes.\n" : "");
            error.Write(trace.IsFull ? "It was full before the run ended. Use fewer nodes, or a shorter run.\n" : "");
            return result;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LabUsageException($"--trace: {fault.Message}");
        }
    }

    /// <summary>What it is, with the options that matter: the same run is the same file.</summary>
    private static string TextOf(Order order)
    {
        var options = string.Join(' ', order.Texts.Where(static one => one.Key != "--threads")
            .Select(static one => $"{one.Key} {one.Value}"));
        return options.Length == 0 ? order.Experiment.Summary : $"{order.Experiment.Summary} Run with {options}.";
    }

    /// <summary>What was asked for.</summary>
    /// <param name="Experiment">The experiment.</param>
    /// <param name="Texts">Its options that were given.</param>
    /// <param name="Json">Whether the result is one JSON object.</param>
    /// <param name="Directory">Where files go; null for none.</param>
    /// <param name="Trace">Where a trace goes; null for none.</param>
    private sealed record Order(
        IExperiment Experiment, Dictionary<string, string> Texts, bool Json, string? Directory, string? Trace);
}
