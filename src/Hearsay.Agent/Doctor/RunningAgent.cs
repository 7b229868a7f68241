using System.Text.Json;
using Hearsay.Agent.Calls;

namespace Hearsay.Agent.Doctor;

/// <summary>What answers where an agent may serve.</summary>
/// <param name="Url">Where it serves.</param>
/// <param name="Id">The id of its node; null if it does not tell that without its token.</param>
/// <param name="Addresses">Where its node listens, and what it tells others.</param>
internal sealed record RunningAgent(Uri Url, string? Id, IReadOnlyList<string> Addresses)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether its node has a port.</summary>
    public bool HasPort(int port) => Addresses.Any(address =>
        address.EndsWith($":{port}", StringComparison.Ordinal));

    /// <summary>Asks who answers; null if no agent does.</summary>
    public static async Task<RunningAgent?> AskAsync(Uri url, string? token, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        try
        {
            using var client = new AgentClient(url, token);
            using var told = JsonDocument.Parse(await client.GetAsync("/v1/node", limit.Token).ConfigureAwait(false));
            var node = told.RootElement;
            return new RunningAgent(
                url, node.GetProperty("id").GetString(),
                [
                    node.GetProperty("localAddress").GetString()!,
                    .. node.GetProperty("addresses").EnumerateArray().Select(static one => one.GetString()!),
                ]);
        }
        catch (RefusedException refused)
        {
            return refused.Status == CallRun.NeedsToken ? new RunningAgent(url, null, []) : null;
        }
        catch (Exception none) when (none is HttpRequestException or HttpIOException or JsonException
            or KeyNotFoundException or InvalidOperationException
            || (none is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
