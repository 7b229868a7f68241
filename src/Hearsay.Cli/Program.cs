using System.CommandLine;
using Hearsay.Cli.Agent;

var root = new RootCommand("Gossip for .NET.") { AgentCommand.Create() };
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine($"hearsay: {error.Message}");
    }

    return 2;
}

// The generic host of the agent handles the signals.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }).ConfigureAwait(false);
