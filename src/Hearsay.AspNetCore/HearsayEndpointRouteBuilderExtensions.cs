using System.Diagnostics.Metrics;
using Hearsay.AspNetCore;
using Hearsay.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves a gossip node over HTTP.</summary>
public static class HearsayEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Adds the routes of the HTTP service: <c>/v1/peer</c> and all others, as <c>/v1/openapi.json</c> describes them,
    /// and <c>/metrics</c>. Call it once for an application, after <c>AddHearsay</c>. You can apply conventions to the
    /// result, for instance <c>RequireAuthorization()</c>.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="options">The options of the service; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names each error.</exception>
    /// <exception cref="InvalidOperationException">No node was added with <c>AddHearsay</c>.</exception>
    public static RouteGroupBuilder MapHearsay(
        this IEndpointRouteBuilder endpoints, HearsayHttpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var group = endpoints.MapGroup(string.Empty);
        MapService(endpoints, group, options ?? new HearsayHttpOptions());
        return group;
    }

    /// <summary>Adds the routes, and returns the service behind them.</summary>
    internal static HttpService MapService(
        IEndpointRouteBuilder endpoints, IEndpointRouteBuilder routes, HearsayHttpOptions options)
    {
        options.ThrowIfInvalid();
        var service = Create(endpoints.ServiceProvider, options);
        service.Map(routes);
        return service;
    }

    private static HttpService Create(IServiceProvider services, HearsayHttpOptions options)
    {
        var hearsay = options.NodeName is { } name
            ? services.GetRequiredKeyedService<IHearsay>(name) : services.GetRequiredService<IHearsay>();
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var service = new HttpService(
            hearsay, options, lifetime, services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<IMeterFactory>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Hearsay.AspNetCore"));
        lifetime.ApplicationStopped.Register(() => _ = service.DisposeAsync().AsTask());
        return service;
    }
}
