using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Cli.Play.Site;

/// <summary>The web server of the playground, on the loopback address.</summary>
internal sealed class PlayServer : IAsyncDisposable
{
    /// <summary>The port where nobody names one.</summary>
    public const int DefaultPort = 7990;

    private const int NextPorts = 100;

    private readonly WebApplication _app;

    private PlayServer(WebApplication app, int port) => (_app, Url) = (app, $"http://127.0.0.1:{port}/");

    /// <summary>Where the page is.</summary>
    public string Url { get; }

    /// <summary>Starts to serve.</summary>
    /// <param name="site">The folder of the page.</param>
    /// <param name="port">The port; null for the default one or the next free one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<PlayServer> StartAsync(string site, int? port, CancellationToken cancellation)
    {
        var socket = Bind(port);
        var bound = (IPEndPoint)socket.LocalEndPoint!;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => socket);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = 256;
            options.Limits.MaxRequestBodySize = 1024;
            options.Listen(bound, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var files = new SiteFiles(site);
        app.Run(files.HandleAsync);
        await app.StartAsync(cancellation).ConfigureAwait(false);
        return new PlayServer(app, bound.Port);
    }

    /// <summary>Until the process is told to stop.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Socket Bind(int? port)
    {
        for (var i = 0; i < (port is null ? NextPorts : 1); i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, (port ?? DefaultPort) + i));
                return socket;
            }
            catch (SocketException taken) when (taken.SocketErrorCode
                is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                socket.Dispose();
            }
        }

        throw new IOException($"--port {port ?? DefaultPort}: the port is taken.");
    }
}
