using System.Diagnostics.Metrics;
using System.Text;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Limits;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Metrics;

/// <summary><c>/metrics</c>: for Prometheus.</summary>
internal sealed class MetricsResource : IDisposable
{
    private readonly Meter _meter;
    private readonly MetricsExporter _exporter;

    /// <summary>Makes the meter of the service.</summary>
    public MetricsResource(HttpCounters counters, Func<long> waiting, IMeterFactory? factory)
    {
        _meter = HttpMeter.Create(counters, waiting);
        _exporter = new MetricsExporter(_meter, factory);
    }

    /// <summary>Adds the route.</summary>
    public void Map(ServiceRoutes routes) => routes.Get("/metrics", WriteAsync);

    /// <inheritdoc/>
    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    private Task WriteAsync(HttpContext context)
    {
        var body = Encoding.UTF8.GetBytes(_exporter.Scrape());
        context.Response.ContentType = MetricText.MediaType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
