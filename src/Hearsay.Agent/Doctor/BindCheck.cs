using System.Net;
using System.Net.Sockets;
using Hearsay.Addresses;
using Hearsay.Agent.Calls;
using Hearsay.Transport;

namespace Hearsay.Agent.Doctor;

/// <summary>Whether the sockets of the node can be bound.</summary>
internal static class BindCheck
{
    private const string Subject = "bind";

    /// <summary>UDP and TCP, on the same port.</summary>
    public static async Task<IEnumerable<Finding>> OfAsync(GossipNodeOptions options, AgentSearch search)
    {
        if (!HostPort.TryParse(options.Bind, GossipNodeOptions.DefaultPort, out var bind)
            || bind.Address is not { } address)
        {
            return [];
        }

        try
        {
            // As a node does it: a port that the system chooses for UDP may be somebody's for TCP.
            var (datagrams, streams) = TransportPair.Bind(new IPEndPoint(address, bind.Port));
            await datagrams.DisposeAsync().ConfigureAwait(false);
            await streams.DisposeAsync().ConfigureAwait(false);
            return [Finding.Ok(Subject, $"{bind} is free, for UDP and TCP.")];
        }
        catch (IOException taken) when (taken.InnerException is SocketException
            {
                SocketErrorCode: SocketError.AddressAlreadyInUse,
            })
        {
            return search.Found is { } own
                ? [Finding.Ok(Subject, $"{bind} is that of the agent that serves {own.Url}.")]
                : [Finding.Problem(
                    Subject, $"{taken.Message}",
                    $"Stop what has it ('ss -lntup sport = {bind.Port}' says who), or take another port with --bind. "
                    + (search.Locked is { } url
                        ? $"If it is the agent at {url}, name the file of its token with {AgentOptions.TokenOption}."
                        : "If it is the agent, say where it serves HTTP with --agent."))];
        }
        catch (IOException error)
        {
            return [Finding.Problem(
                Subject, error.Message, "Bind to an address of this host ('ip address' lists them), or to 0.0.0.0.")];
        }
    }
}
