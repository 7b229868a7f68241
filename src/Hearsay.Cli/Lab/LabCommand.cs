using System.CommandLine;
using System.CommandLine.Help;

namespace Hearsay.Cli.Lab;

/// <summary><c>hearsay lab</c>: experiments that check claims and draw figures.</summary>
internal static class LabCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create()
    {
        var command = new Command(
            "lab",
            "Experiments on simulated networks: figures of the literature and claims about gossip. "
            + "Exit codes: 0 if all claims hold, 1 if one does not, 2 for a usage error.")
        {
            LabListCommand.Create(), LabRunCommand.Create(), LabVerifyCommand.Create(), LabReportCommand.Create(),
            LabSweepCommand.Create(), LabFuzzCommand.Create(),
        };
        command.SetAction(parsed => new HelpAction().Invoke(parsed));
        return command;
    }
}
