using System.CommandLine;
using Hearsay.Agent.Shell;
using Hearsay.Lab;
using Hearsay.Lab.Output;

namespace Hearsay.Cli.Lab;

/// <summary><c>hearsay lab list</c>: the experiments there are.</summary>
internal static class LabListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists the experiments.");
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            Write(output, Terminal.WidthOf(output));
        });
        return command;
    }

    /// <summary>Writes them, a summary that does not fit in lines under each other.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">The width of a line.</param>
    internal static void Write(TextWriter output, int columns)
    {
        var names = ExperimentRegistry.All.Max(experiment => experiment.Name.Length) + 2;
        foreach (var experiment in ExperimentRegistry.All)
        {
            var lines = TextWrap.Of(experiment.Summary, columns - names).Split(Environment.NewLine);
            for (var line = 0; line < lines.Length; line++)
            {
                output.WriteLine((line == 0 ? experiment.Name : "").PadRight(names) + lines[line]);
            }
        }
    }
}
