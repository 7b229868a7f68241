using System.Net.Sockets;
using Hearsay.Agent.Http;

namespace Hearsay.Agent.Doctor;

/// <summary>Whether HTTP can be served where somebody named an address.</summary>
internal static class HttpCheck
{
    private const string Subject = "http";

    /// <summary>Binds it, as an agent does.</summary>
    /// <param name="plan">How HTTP is served; null for not at all.</param>
    /// <param name="search">Knows whether the agent runs already.</param>
    public static IEnumerable<Finding> Of(HttpPlan? plan, AgentSearch search)
    {
        if (plan is not { IsNamed: true })
        {
            // Of the default port and the next ones some is free.
            return [];
        }

        try
        {
            HttpSocket.Bind(plan).Dispose();
            return [Finding.Ok(Subject, $"{plan.EndPoint} is free.")];
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            var port = plan.EndPoint.Port;
            return search.Found is { } own && own.Url.Port == port
                ? [Finding.Ok(Subject, $"{plan.EndPoint} is that of the agent, which runs.")]
                : [Finding.Problem(
                    Subject, taken.Message + Who(search.AtPlanned),
                    $"Stop what has it ('ss -lntp sport = {port}' says who), or name another address with --http.")];
        }
    }

    private static string Who(RunningAgent? agent) => agent is null ? string.Empty
        : agent.Id is { } id ? $" The agent {id} serves there." : " An agent serves there that wants its token.";
}
