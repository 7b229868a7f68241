using System.Net.Sockets;
using Hearsay.Cli.Agent.Http;
using Hearsay.Cli.Shell;
using Hearsay.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Hearsay.Cli.Agent;

/// <summary>Runs an agent: standard output has its few lines, standard error its log.</summary>
/// <remarks>A node does not end because a line of it cannot be written.</remarks>
internal sealed class AgentHost(TextWriter output, TextWriter error)
{
    private const int Succeeded = 0;
    private const int Failed = 1;
    private const int WronglyUsed = 2;

    /// <summary>The maps, in the data directory.</summary>
    private const string MapsFile = "maps.db";

    /// <summary>Until the process is told to stop; the result is the exit code.</summary>
    public async Task<int> RunAsync(
        AgentConfiguration configuration, bool verbose, CancellationToken cancellation)
    {
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
            error.WriteLine($"hearsay agent: warning: {warning}");
        }

        using var lines = new TolerantWriter(output, failure => error.WriteLine(
            $"hearsay agent: standard output cannot be written ({failure.TrimEnd('.')}); "
            + "the node continues without it."));
        using var host = Build(configuration, plan, lines, verbose);
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (OptionsValidationException wrong)
        {
            return Report(wrong.Failures.Select(configuration.Explain), WronglyUsed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Succeeded;
        }
        catch (Exception failure) when (failure
            is IOException or UnauthorizedAccessException or ArgumentException or SocketException)
        {
            return Report([failure.Message], Failed);
        }

        if (!Console.IsErrorRedirected && !Console.IsOutputRedirected)
        {
            error.WriteLine(verbose
                ? "It runs until Ctrl-C and prints a line when its view changes; until then it is silent."
                : "It runs until Ctrl-C and prints a line when its peers double or halve; until then it is silent.");
        }

        await host.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
        if (host.Services.GetRequiredService<IHearsay>().Node.Completion is { IsFaulted: true, Exception: { } reason })
        {
            return Report([reason.InnerException!.Message], Failed);
        }

        lines.WriteLine("left");
        return Succeeded;
    }

    private IHost Build(AgentConfiguration configuration, HttpPlan? http, TextWriter lines, bool verbose)
    {
        // No defaults: an appsettings.json that happens to lie in the working directory is none of the agent's
        // business.
        if (http is null)
        {
            var plain = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            AddTo(plain, configuration, lines, verbose);
            return plain.Build();
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddTo(builder, configuration, lines, verbose);
        HttpServer.AddTo(builder, http);
        var app = builder.Build();
        HttpServer.MapTo(app, http);
        return app;
    }

    private void AddTo(
        IHostApplicationBuilder builder, AgentConfiguration configuration, TextWriter lines, bool verbose)
    {
        builder.Logging.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Critical);
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Services.Configure<ConsoleLoggerOptions>(
            options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        if (configuration.Values.TryGetValue(nameof(GossipNodeOptions.DataDirectory), out var data) && data is not null)
        {
            builder.Services.AddSingleton<IMapStorage>(new SqliteMapStorage(Path.Combine(data, MapsFile)));
        }

        builder.Services.AddHearsay(new ConfigurationBuilder().AddInMemoryCollection(configuration.Values).Build());

        // On a terminal both streams are read together, and the log tells of the start already.
        var tellsStart = Console.IsOutputRedirected || Console.IsErrorRedirected;
        builder.Services.AddHostedService(services => new AgentStatus(
            services.GetRequiredService<IHearsay>(), services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetService<IServer>(), lines, verbose, tellsStart)
        {
            Warn = warning => error.WriteLine($"hearsay agent: warning: {warning}"),
        });
    }

    private int Report(IEnumerable<string> problems, int exitCode)
    {
        foreach (var problem in problems)
        {
            error.WriteLine($"hearsay agent: {problem}");
        }

        return exitCode;
    }
}
