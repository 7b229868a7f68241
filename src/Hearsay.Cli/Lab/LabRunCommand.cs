using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Lab;

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
        command.Add(json);
        command.Add(directory);
        command.SetAction(parsed =>
        {
            var texts = options.Where(option => parsed.GetResult(option) is { Implicit: false })
                .ToDictionary(option => option.Name, option => parsed.GetValue(option)!);
            return Run(experiment, texts, parsed.GetValue(json), parsed.GetValue(directory),
                parsed.InvocationConfiguration);
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

    private static int Run(
        IExperiment experiment, Dictionary<string, string> texts, bool json, string? directory,
        InvocationConfiguration console)
    {
        try
        {
            if (directory is not null)
            {
                ResultFiles.RequireWritable(directory);
            }

            ExperimentResult result;
            using (var progress = new ProgressLine(console.Error, experiment.Name))
            {
                result = experiment.Run(new LabParameters(experiment.Options, texts), progress);
            }

            console.Output.WriteLine(
                json ? ResultJson.Of(result) : ResultText.Of(result, Terminal.WidthOf(console.Output)));
            if (directory is not null)
            {
                IReadOnlyList<string> paths;
                using (new ProgressLine(console.Error, $"{experiment.Name}: drawing", isMeasured: false))
                {
                    paths = ResultFiles.Write(result, directory);
                }

                (json ? console.Error : console.Output).WriteLine($"Wrote {paths.Count} files into {directory}.");
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
}
