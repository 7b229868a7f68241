using System.Net.Sockets;
using Hearsay.Agent.Http;
using Hearsay.Agent.Settings;

namespace Hearsay.Agent.Running;

/// <summary>What an agent starts with.</summary>
/// <param name="Configuration">Its options.</param>
/// <param name="Read">Reads them again.</param>
/// <param name="ConfigFile">The file of options; null for none.</param>
/// <param name="Http">Where it serves HTTP; null for nowhere.</param>
/// <param name="IsVerbose">Whether it says much.</param>
internal sealed record AgentStart(
    AgentConfiguration Configuration, Func<AgentConfiguration> Read, string? ConfigFile, HttpPlan? Http,
    bool IsVerbose)
{
    /// <summary>The socket that listens there already; null for none.</summary>
    public Socket? HttpSocket { get; init; }
}
