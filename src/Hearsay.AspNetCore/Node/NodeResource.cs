using System.Reflection;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.AspNetCore.Health;
using Hearsay.AspNetCore.Streams;
using Hearsay.Hosting;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Node;

/// <summary><c>/v1/node</c>, <c>/v1/events</c> and <c>/v1/leave</c>: this node itself.</summary>
/// <param name="served">The node.</param>
/// <param name="monitor">How it is.</param>
/// <param name="feed">What happens to it.</param>
/// <param name="streams">Sends that.</param>
/// <param name="left">Called after the node has left and the caller was told; null for nothing.</param>
internal sealed class NodeResource(
    ServedNode served, HealthMonitor monitor, NodeFeed feed, EventStreams streams, Action? left)
{
    private const int MaximumMetadataBytes = Descriptor.MaximumMetadataBytes;

    private static readonly string s_version =
        typeof(NodeResource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Adds the routes.</summary>
    public void Map(ServiceRoutes routes)
    {
        routes.Get("/v1/node", InfoAsync);
        routes.Put("/v1/node/metadata", SetMetadataAsync);
        routes.Get("/v1/events", context => streams.SendAsync(context, feed.Log, feed.View));
        routes.Post("/v1/leave", LeaveAsync);
    }

    /// <summary>Addresses as a list.</summary>
    public static string[] ListOf(in NodeAddresses addresses) => addresses switch
    {
        { HasIPv4: true, HasIPv6: true } => [addresses.IPv4.ToString(), addresses.IPv6.ToString()],
        { IsEmpty: true } => [],
        _ => [addresses.Primary.ToString()],
    };

    private Task InfoAsync(HttpContext context)
    {
        var node = served.Node;
        var (self, sampling) = (node.Loop.Core.Self, node.Options.Sampling);
        return CallBody.WriteAsync(
            context,
            new NodeItem(
                node.Id.ToString(), ListOf(node.Addresses), node.LocalAddress.ToString(), node.Options.Cluster,
                node.EffectiveSecurity,
                self.Metadata.ToArray(), self.Incarnation, node.ViewCount, sampling.ViewSize,
                node.CycleTime.TotalSeconds,
                node.RoundTrip > TimeSpan.Zero ? node.RoundTrip.TotalSeconds : null,
                node.NetworkSize, HealthResource.NameOf(monitor.Look()), s_version),
            NodeJson.Default.NodeItem);
    }

    private async Task SetMetadataAsync(HttpContext context)
    {
        var metadata = await CallBody.ReadAsync(context, MaximumMetadataBytes).ConfigureAwait(false);
        await served.Node.SetMetadataAsync(metadata).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task LeaveAsync(HttpContext context)
    {
        var result = await served.Node.LeaveAsync().ConfigureAwait(false);
        if (left is not null)
        {
            context.Response.OnCompleted(() =>
            {
                left();
                return Task.CompletedTask;
            });
        }

        await CallBody.WriteAsync(
            context,
            new LeaveItem(
                result.IsComplete, result.IsKnown, [.. result.NotHandedOver.Select(static id => id.ToString())]),
            NodeJson.Default.LeaveItem).ConfigureAwait(false);
    }
}
