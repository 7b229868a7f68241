using System.Collections.ObjectModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hearsay.Hosting;

/// <summary>
/// A health check of a node. To probes that ask whether to restart the process it says whether the node works at all;
/// to those that ask whether to use it, whether it has peers.
/// </summary>
internal sealed class HearsayHealthCheck(HearsayService service, HealthMonitor monitor, bool asksForPeers)
    : IHealthCheck
{
    /// <summary>The tag of the check whose failure means: start it again.</summary>
    public const string Live = "live";

    /// <summary>The tag of the check whose failure means: do not ask it yet.</summary>
    public const string Ready = "ready";

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var state = monitor.Look();
        var isWell = state switch
        {
            HealthState.Healthy => true,
            HealthState.Starting or HealthState.Isolated => !asksForPeers,
            _ => false,
        };
        var peers = service.StartedNode?.ViewCount ?? 0;
        var data = new ReadOnlyDictionary<string, object>(
            new Dictionary<string, object> { ["peers"] = peers, ["state"] = $"{state}" });
        var text = $"{Describe(state)} ({peers} peers)";
        return Task.FromResult(isWell
            ? HealthCheckResult.Healthy(text, data)
            : new HealthCheckResult(context.Registration.FailureStatus, text, null, data));
    }

    private static string Describe(HealthState state) => state switch
    {
        HealthState.Starting => "The node has not met anybody yet.",
        HealthState.Healthy => "The node is well.",
        HealthState.Isolated => "The node has lost all its peers, and looks for them.",
        HealthState.Stalled => "The cycles of the node do not go on.",
        _ => "The node has left the network or was stopped.",
    };
}
