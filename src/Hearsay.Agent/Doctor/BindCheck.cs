using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hearsay.Addresses;
using Hearsay.Agent.Calls;
using Hearsay.Transport;

namespace Hearsay.Agent.Doctor;

/// <summary>Whether the sockets of the node can be bound.</summary>
internal static class BindCheck
{
    private const string Subject = "bind";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>UDP and TCP, on the same port.</summary>
    public static async Task<IEnumerable<Finding>> OfAsync(
        GossipNodeOptions options, Uri agent, string? token, CancellationToken cancellation)
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
            return await IsAgentsAsync(bind.Port, agent, token, cancellation).ConfigureAwait(false)
                ? [Finding.Ok(Subject, $"{bind} is that of the agent that serves {agent}.")]
                : [Finding.Problem(
                    Subject, $"{taken.Message}",
                    $"Stop what has it ('ss -lntup sport = {bind.Port}' says who), or take another port with --bind.")];
        }
        catch (IOException error)
        {
            return [Finding.Problem(
                Subject, error.Message, "Bind to an address of this host ('ip address' lists them), or to 0.0.0.0.")];
        }
    }

    private static async Task<bool> IsAgentsAsync(int port, Uri agent, string? token, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        try
        {
            using var client = new AgentClient(agent, token);
            using var node = JsonDocument.Parse(await client.GetAsync("/v1/node", limit.Token).ConfigureAwait(false));
            return node.RootElement.GetProperty("addresses").EnumerateArray().Any(address =>
                address.GetString()?.EndsWith($":{port}", StringComparison.Ordinal) == true);
        }
        catch (Exception none) when (none is HttpRequestException or RefusedException or JsonException
            or KeyNotFoundException or InvalidOperationException
            || (none is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
