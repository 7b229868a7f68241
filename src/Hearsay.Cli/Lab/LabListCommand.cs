using System.CommandLine;
using Hearsay.Lab;

namespace Hearsay.Cli.Lab;

/// <summary><c>hearsay lab list</c>: the experiments there are.</summary>
internal static class LabListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Names the experiments.");
        command.SetAction(parsed =>
        {
            var width = ExperimentRegistry.All.Max(experiment => experiment.Name.Length);
            foreach (var experiment in ExperimentRegistry.All)
            {
                parsed.InvocationConfiguration.Output.WriteLine(
                    $"{experiment.Name.PadRight(width)}  {experiment.Summary}");
            }
        });
        return command;
    }
}
