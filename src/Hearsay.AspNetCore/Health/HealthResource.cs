using Hearsay.AspNetCore.Calls;
using Hearsay.Hosting;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Health;

/// <summary><c>/v1/health</c>: whether to restart the node (live), and whether to ask it for peers (ready).</summary>
internal sealed class HealthResource(ServedNode served, HealthMonitor monitor)
{
    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Open("/v1/health/live", context => WriteAsync(
            context, static state => state is not (HealthState.Stalled or HealthState.Stopped)));
        routes.Open("/v1/health/ready", context => WriteAsync(
            context, static state => state == HealthState.Healthy));
    }

    /// <summary>The name of a state in calls.</summary>
    public static string NameOf(HealthState state) => state.ToString().ToLowerInvariant();

    private Task WriteAsync(HttpContext context, Func<HealthState, bool> isWell)
    {
        var state = monitor.Look();
        return CallBody.WriteAsync(
            context, new HealthItem(NameOf(state), served.Find()?.ViewCount ?? 0), HealthJson.Default.HealthItem,
            isWell(state) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
