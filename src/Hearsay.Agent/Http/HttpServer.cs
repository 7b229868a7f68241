using System.Net.Sockets;
using System.Security.Authentication;
using Hearsay.Agent.Shell;
using Hearsay.AspNetCore;
using Hearsay.AspNetCore.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Hearsay.Agent.Http;

/// <summary>The web server of an agent.</summary>
internal static class HttpServer
{
    /// <summary>
    /// Twice the largest message and a little more: the server also counts what is around the chunks of a body, which
    /// is 6 bytes or more for each. The service itself counts the bytes of the body.
    /// </summary>
    private const int MaximumBodyBytes = (32 << 20) + (64 << 10);

    /// <summary>What the server holds of an answer that its reader does not take.</summary>
    private const int MaximumWaitingBytes = 32 << 10;

    /// <summary>Fewer where the process may have few descriptors.</summary>
    private const int MostConnections = 2048;

    /// <summary>Adds the server to the host.</summary>
    /// <param name="builder">Makes the host.</param>
    /// <param name="plan">How it serves.</param>
    /// <param name="socket">Where: the socket of the plan, which the server closes when it ends.</param>
    public static void AddTo(WebApplicationBuilder builder, HttpPlan plan, Socket socket)
    {
        builder.WebHost.UseKestrelCore();
        if (plan.Certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        var most = DescriptorLimit.Callers(MostConnections);
        var connections = new IdleConnections(most);
        builder.Services.AddSingleton(connections);
        builder.Services.AddRoutingCore();
        builder.Services.AddHostedService<LeaveFirst>();
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            options.CreateBoundListenSocket = _ => socket;

            // For a reader that is slow: with what a connection costs otherwise less than 64 KiB.
            options.MaxWriteBufferSize = MaximumWaitingBytes;
        });
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            Limit(options, most);
            options.Listen(plan.EndPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => connections.ServeAsync(connection, next));
                if (plan.Certificate is { } certificate)
                {
                    listen.UseHttps(certificate, https =>
                    {
                        https.ServerCertificateChain = plan.Issuers;
                        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                    });
                }
            });
        });
    }

    /// <summary>Adds the routes; returns the service behind them.</summary>
    public static HttpService MapTo(WebApplication app, HttpPlan plan)
    {
        var connections = app.Services.GetRequiredService<IdleConnections>();
        app.Use(next => context => connections.ServeAsync(context, next));
        var service = HearsayEndpointRouteBuilderExtensions.MapService(app, app, plan.Options);
        app.Use(next => context => UnknownRoute.HandleAsync(context, next, service.Gate));
        service.Counters.Displaced = () => connections.Displaced;
        return service;
    }

    private static void Limit(KestrelServerOptions options, int mostConnections)
    {
        options.AddServerHeader = false;
        var limits = options.Limits;
        limits.MaxRequestBodySize = MaximumBodyBytes;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestLineSize = 8 << 10;

        // A connection that gave way takes a moment to end, so for that moment there may be more.
        limits.MaxConcurrentConnections = 2 * mostConnections;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    }
}
