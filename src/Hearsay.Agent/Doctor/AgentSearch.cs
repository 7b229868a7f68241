using System.Net;
using Hearsay.Addresses;
using Hearsay.Agent.Http;
using Hearsay.Identity;

namespace Hearsay.Agent.Doctor;

/// <summary>Looks for the agent that the options are about: it may run already.</summary>
/// <param name="options">The options of its node.</param>
/// <param name="plan">How it serves HTTP; null for not at all.</param>
internal sealed class AgentSearch(GossipNodeOptions options, HttpPlan? plan)
{
    /// <summary>The agent; null if it does not run, or serves elsewhere.</summary>
    public RunningAgent? Found { get; private set; }

    /// <summary>Where an agent answered that wants another token before it says who it is; null for nowhere.</summary>
    public Uri? Locked { get; private set; }

    /// <summary>The agent at the address of HTTP that the options name, whoever it is; null if none answers.</summary>
    public RunningAgent? AtPlanned { get; private set; }

    /// <summary>Asks where it may serve.</summary>
    /// <param name="named">Where somebody has said that it does; null for nowhere.</param>
    /// <param name="token">What it demands, where the options of the agent do not say it.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IEnumerable<Finding>> RunAsync(Uri? named, string? token, CancellationToken cancellation)
    {
        var told = options.DataDirectory is { } directory ? HttpAddressFile.Read(directory) : null;
        Uri?[] places = named is not null ? [named, told, Planned] : [told, Planned, UrlOf(HttpPlan.Default)];
        var (isTrue, who) = (told is null, "nobody");
        foreach (var place in places.OfType<Uri>().Distinct())
        {
            // Whoever has the default port need not hear the token of this agent.
            var sent = place == told || place == Planned ? plan?.Token ?? token : token;
            var agent = await RunningAgent.AskAsync(place, sent, cancellation).ConfigureAwait(false);
            if (agent is null)
            {
                continue;
            }

            AtPlanned = place == Planned ? agent : AtPlanned;
            Locked ??= agent.Id is null ? place : null;
            Found ??= IsOwn(agent) ? agent : null;
            isTrue |= place == told && (agent.Id is null || IsOwn(agent));
            who = place == told ? "another agent" : who;
        }

        return isTrue
            ? []
            : [Finding.Warning(
                "http", $"'{HttpAddressFile.PathIn(options.DataDirectory!)}' says that the agent serves {told}, and "
                    + $"{who} answers there: an agent that was killed has left the file.",
                "Start the agent, which writes it anew, or delete the file.")];
    }

    /// <summary>The id that the node has, or had when it ran last; null if that is not known.</summary>
    public string? OwnId
    {
        get
        {
            if (!options.Security.NodeId.IsNone)
            {
                return options.Security.NodeId.ToString();
            }

            try
            {
                return options.DataDirectory is { } directory ? IdentityStore.Peek(directory)?.Id.ToString() : null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The check of the files tells it.
                return null;
            }
        }
    }

    private Uri? Planned => plan is { IsNamed: true } ? UrlOf(plan) : null;

    private bool IsOwn(RunningAgent agent) => (agent.Id is { } id && id == OwnId)
        || (HostPort.TryParse(options.Bind, GossipNodeOptions.DefaultPort, out var bind) && agent.HasPort(bind.Port));

    private static Uri UrlOf(HttpPlan plan)
    {
        var (address, scheme) = (plan.EndPoint.Address, plan.Certificate is null ? "http" : "https");
        var reached = address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return new Uri($"{scheme}://{new IPEndPoint(reached, plan.EndPoint.Port)}");
    }
}
