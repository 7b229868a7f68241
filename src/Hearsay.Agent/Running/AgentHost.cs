using System.Net.Sockets;
using Hearsay.Agent.Http;
using Hearsay.Agent.Reloading;
using Hearsay.Agent.Seeds;
using Hearsay.Agent.Settings;
using Hearsay.Agent.Shell;
using Hearsay.Agent.Telemetry;
using Hearsay.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Hearsay.Agent.Running;

/// <summary>Runs an agent: standard output has its few lines, standard error its log.</summary>
/// <remarks>
/// A node does not end because a line of it cannot be written, and it does not wait for one: whoever starts it may keep
/// a pipe open and not read it.
/// </remarks>
internal sealed class AgentHost : IAsyncDisposable
{
    private const int Succeeded = 0;
    private const int Failed = 1;
    private const int WronglyUsed = 2;

    /// <summary>The maps, in the data directory.</summary>
    private const string MapsFile = "maps.db";

    private readonly QueuedWriter _lines;
    private readonly QueuedWriter _error;

    /// <summary>For one run.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    public AgentHost(TextWriter output, TextWriter error)
    {
        _error = new QueuedWriter(new TolerantWriter(error));
        _lines = new QueuedWriter(
            new TolerantWriter(output, failure => Tell(
                $"standard output cannot be written ({failure.TrimEnd('.')}); the node continues without it.")),
            () => Tell("nobody reads standard output; the node continues, and lines of it are lost."));
    }

    /// <summary>Until the process is told to stop; the result is the exit code.</summary>
    /// <param name="read">Reads the options, now and whenever they may have changed.</param>
    /// <param name="configFile">The file of options; null for none.</param>
    /// <param name="verbose">Whether to say much.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<int> RunAsync(
        Func<AgentConfiguration> read, string? configFile, bool verbose, CancellationToken cancellation)
    {
        var configuration = read();
        if (configuration.Errors.Count > 0)
        {
            return Report(configuration.Errors, WronglyUsed);
        }

        if (configuration.Exposure is { } exposure)
        {
            return Report([exposure], WronglyUsed);
        }

        var http = new HttpPlanReader(configuration.HttpValues);
        var plan = http.Read();
        if (http.Errors.Count > 0)
        {
            return Report(http.Errors, WronglyUsed);
        }

        foreach (var warning in configuration.Warnings)
        {
            Tell($"warning: {warning}");
        }

        Socket? socket;
        try
        {
            // Before the node joins: others must not hear of one that ends at once.
            socket = plan is null ? null : HttpSocket.Bind(plan);
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            return Report([taken.Message], Failed);
        }

        using (socket)
        {
            var start = new AgentStart(configuration, read, configFile, plan, verbose) { HttpSocket = socket };
            return await RunAsync(start, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<int> RunAsync(AgentStart start, CancellationToken cancellation)
    {
        using var host = Build(start, _lines);
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (OptionsValidationException wrong)
        {
            return Report(wrong.Failures.Select(start.Configuration.Explain), WronglyUsed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested || IsStopping(host))
        {
            return Succeeded; // Ctrl-C or SIGTERM came before it had started.
        }
        catch (Exception failure) when (failure
            is IOException or UnauthorizedAccessException or ArgumentException or SocketException)
        {
            return Report([failure.Message], Failed);
        }

        if (!Console.IsErrorRedirected && !Console.IsOutputRedirected)
        {
            _error.WriteLine(start.IsVerbose
                ? "It runs until Ctrl-C and prints a line when its view changes; until then it is silent."
                : "It runs until Ctrl-C and prints a line when its peers double or halve; until then it is silent.");
        }

        await host.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
        if (host.Services.GetRequiredService<IHearsay>().Node.Completion is { IsFaulted: true, Exception: { } reason })
        {
            return Report([reason.InnerException!.Message], Failed);
        }

        _lines.WriteLine("left");
        return Succeeded;
    }

    /// <summary>Waits a moment for the last lines; what output has to say of its end goes to error.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lines.DisposeAsync().ConfigureAwait(false);
        await _error.DisposeAsync().ConfigureAwait(false);
    }

    private static bool IsStopping(IHost host) =>
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    private IHost Build(AgentStart start, TextWriter lines)
    {
        // No defaults: an appsettings.json that happens to lie in the working directory is none of the agent's
        // business.
        if (start is not { Http: { } http, HttpSocket: { } socket })
        {
            var plain = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            AddTo(plain, start, lines);
            return plain.Build();
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddTo(builder, start, lines);
        HttpServer.AddTo(builder, http, socket);
        var app = builder.Build();
        app.Services.GetRequiredService<ReloadTarget>().Http = HttpServer.MapTo(app, http);
        return app;
    }

    private void AddTo(IHostApplicationBuilder builder, AgentStart start, TextWriter lines)
    {
        var threshold = new LogThreshold();
        threshold.Change(start.Configuration, start.IsVerbose);
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddFilter(threshold.Takes);
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Services.Configure<ConsoleLoggerOptions>(
            options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        AddMaps(builder.Services, start.Configuration);
        builder.Services.AddHearsay(new ConfigurationBuilder().AddInMemoryCollection(start.Configuration.Values)
            .Build());
        OtlpTelemetry.AddTo(builder.Services);
        AddReloading(builder.Services, start, threshold);
        builder.Services.AddHostedService(static services => new StartGarbage(
            services.GetRequiredService<IHostApplicationLifetime>(), TimeProvider.System));

        // On a terminal both streams are read together, and the log tells of the start already.
        var tellsStart = Console.IsOutputRedirected || Console.IsErrorRedirected;
        builder.Services.AddHostedService(services => new AgentStatus(
            services.GetRequiredService<IHearsay>(), services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetService<IServer>(), lines, start.IsVerbose, tellsStart)
        {
            Warn = warning => Tell($"warning: {warning}"),
        });
    }

    /// <summary>Maps outlive the process where it has a directory.</summary>
    private static void AddMaps(IServiceCollection services, AgentConfiguration configuration)
    {
        if (configuration.Values.GetValueOrDefault(nameof(GossipNodeOptions.DataDirectory)) is { } data)
        {
            services.AddSingleton<IMapStorage>(new SqliteMapStorage(Path.Combine(data, MapsFile)));
        }
    }

    private void AddReloading(IServiceCollection services, AgentStart start, LogThreshold threshold)
    {
        services.AddSingleton(provider => new SeedWatch(
            provider.GetRequiredService<IHearsay>(), warning => Tell($"warning: {warning}"))
        {
            Service = start.Configuration.AgentValues.GetValueOrDefault("Agent:SeedService"),
        });
        services.AddSingleton(provider => new ReloadTarget(
            threshold, provider.GetRequiredService<SeedWatch>(), provider.GetRequiredService<IHearsay>())
        {
            Plan = start.Http,
        });
        services.AddHostedService(static provider => provider.GetRequiredService<SeedWatch>());
        services.AddHostedService(provider => new Reloader(
            start.Read, start.IsVerbose, start.ConfigFile, provider.GetRequiredService<ReloadTarget>(), Tell));
    }

    private void Tell(string line) => _error.WriteLine($"hearsay agent: {line}");

    private int Report(IEnumerable<string> problems, int exitCode)
    {
        foreach (var problem in problems)
        {
            Tell(problem);
        }

        return exitCode;
    }
}
