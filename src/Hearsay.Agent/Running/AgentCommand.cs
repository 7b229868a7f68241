using System.CommandLine;
using Hearsay.Agent.Settings;

namespace Hearsay.Agent.Running;

/// <summary><c>hearsay agent</c>: one node as a process.</summary>
internal static class AgentCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var command = new Command("agent", "Run one node as a process, until Ctrl-C or SIGTERM.");
        var options = new AgentOptionSet();
        options.AddTo(command);
        var verbose = new Option<bool>("--verbose", "-v")
        {
            Description = "Print the view whenever it has changed, and log every peer that comes and goes",
        };
        command.Options.Add(verbose);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            await using var host = new AgentHost(output, error);
            return await host.RunAsync(
                () => options.Read(parsed), options.File(parsed), parsed.GetValue(verbose), cancellation)
                .ConfigureAwait(false);
        });
        return command;
    }
}
