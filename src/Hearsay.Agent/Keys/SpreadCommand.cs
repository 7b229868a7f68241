using System.CommandLine;
using Hearsay.Agent.Guest;

namespace Hearsay.Agent.Keys;

/// <summary><c>hearsay keys spread</c>: brings the newest key of a keyring to the nodes that run.</summary>
internal static class SpreadCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var visit = new SpreadVisit();
        var command = new Command(
            "spread",
            "Bring the newest key of a signed keyring to the nodes that run, and show what is heard of who follows. "
            + "For when 'hearsay keys rotate' was interrupted.");
        visit.AddTo(command);
        command.SetAction((parsed, _) => visit.RunAsync(parsed));
        return command;
    }
}
