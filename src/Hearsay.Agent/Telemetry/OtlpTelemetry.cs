using System.Reflection;
using Hearsay.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hearsay.Agent.Telemetry;

/// <summary>
/// Sends metrics and traces to a collector by OTLP, where the environment names one as OpenTelemetry has it:
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, with <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_EXPORTER_OTLP_HEADERS</c>,
/// <c>OTEL_SERVICE_NAME</c>, <c>OTEL_TRACES_SAMPLER</c> and so on. A collector that is not there costs a little memory
/// and nothing else.
/// </summary>
internal sealed class OtlpTelemetry(IHearsay hearsay) : IHostedService, IDisposable
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>
    /// The calls of the HTTP service. The web server makes an activity of each, whether anybody listens or not, and
    /// what is published in one that is not recorded would not be recorded either.
    /// </summary>
    private const string CallsSource = "Microsoft.AspNetCore";

    private static readonly string[] s_endpoints =
        [Prefix + "ENDPOINT", Prefix + "METRICS_ENDPOINT", Prefix + "TRACES_ENDPOINT"];

    /// <summary>What is sent when the agent stops has so long: it has to leave its network in time.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    /// <summary>Adds it to a host whose environment asks for it. After the node, whose id it tells.</summary>
    public static void AddTo(IServiceCollection services)
    {
        if (Array.Exists(s_endpoints, static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }))
        {
            services.AddHostedService<OtlpTelemetry>();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault();
        if (Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") is not { Length: > 0 })
        {
            var version = typeof(OtlpTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
            resource.AddService(
                "hearsay", serviceVersion: version?.InformationalVersion, serviceInstanceId: $"{hearsay.Node.Id}");
        }

        if (Asks("METRICS"))
        {
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
                .AddMeter("Hearsay", "Hearsay.Http").AddOtlpExporter().Build();
        }

        if (Asks("TRACES"))
        {
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
                .AddSource("Hearsay", CallsSource).AddOtlpExporter().Build();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var milliseconds = (int)s_patience.TotalMilliseconds;
            _traces?.Shutdown(milliseconds);
            _metrics?.Shutdown(milliseconds);
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    /// <summary>Whether there is an endpoint for a signal, and nobody has turned it off.</summary>
    private static bool Asks(string signal) =>
        !string.Equals(
            Environment.GetEnvironmentVariable($"OTEL_{signal}_EXPORTER"), "none", StringComparison.OrdinalIgnoreCase)
        && Array.Exists(
            [Prefix + "ENDPOINT", $"{Prefix}{signal}_ENDPOINT"],
            static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
}
