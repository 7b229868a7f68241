using System.CommandLine;
using Hearsay.Agent.Calls;
using Hearsay.Agent.Doctor;
using Hearsay.Agent.Guest;
using Hearsay.Agent.Keys;
using Hearsay.Agent.Running;

namespace Hearsay.Agent;

/// <summary>The commands that need neither the lab nor pictures.</summary>
internal static class AgentCommands
{
    /// <summary>All of them, in the order of the help.</summary>
    public static IEnumerable<Command> All() =>
    [
        AgentCommand.Create(), PublishCommand.Create(), ListenCommand.Create(), AggregateCommand.Create(),
        MapCommand.Create(), LearnCommand.Create(), .. PeerCommands.All(), .. NodeCommands.All(),
        AskCommand.Create(), DoctorCommand.Create(), KeysCommand.Create(),
    ];
}
