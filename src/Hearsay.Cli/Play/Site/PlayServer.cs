using System.Net;
using System.Net.Sockets;
using Hearsay.Cli.Play.Live;
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

    /// <summary>Where the page shows the live nodes; null without any.</summary>
    public string? LiveUrl { get; private init; }

    /// <summary>Starts to serve.</summary>
    /// <param name="site">The folder of the page.</param>
    /// <param name="port">The port; null for the default one or the next free one.</param>
    /// <param name="live">Live nodes that the page can show; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="trace">A trace that the page can open; null for none.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<PlayServer> StartAsync(
        string site, int? port, LiveGate? live, CancellationToken cancellation, OpenedTrace? trace = null)
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
        var files = new SiteFiles(site, live, trace);
        app.Run(files.HandleAsync);
        await app.StartAsync(cancellation).ConfigureAwait(false);
        return new PlayServer(app, bound.Port) { LiveUrl = live is null ? null : LiveUrlOf(bound.Port, live) };
    }

    /// <summary>Until the process is told to stop.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string LiveUrlOf(int port, LiveGate live) =>
        $"http://127.0.0.1:{port}/#{LiveGate.Fragment}{live.Token}";

    private static Socket Bind(int? port)
    {
        for (var i = 0; i < (port is null ? NextPorts : 1); i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, (port ?? DefaultPort) + i));

                // Two processes may bind a port on which neither listens yet: only this tells whose it is.
                socket.Listen();
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
