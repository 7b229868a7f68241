using System.Diagnostics.Metrics;
using Hearsay.AspNetCore.Aggregates;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Description;
using Hearsay.AspNetCore.Health;
using Hearsay.AspNetCore.Limits;
using Hearsay.AspNetCore.Maps;
using Hearsay.AspNetCore.Metrics;
using Hearsay.AspNetCore.Node;
using Hearsay.AspNetCore.Peers;
using Hearsay.AspNetCore.Requests;
using Hearsay.AspNetCore.Samplers;
using Hearsay.AspNetCore.Streams;
using Hearsay.AspNetCore.Topics;
using Hearsay.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hearsay.AspNetCore;

/// <summary>All resources of one service, and the timer that ends what nobody uses any more.</summary>
internal sealed class HttpService : IAsyncDisposable
{
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(1);

    private readonly HttpCounters _counters;
    private readonly CallGate _gate;
    private readonly AccessRules _access;
    private readonly RateLimit _writes;
    private readonly bool _isCrossOrigin;
    private readonly PeersResource _peers;
    private readonly SamplersResource _samplers;
    private readonly TopicsResource _topics;
    private readonly AggregatesResource _aggregates;
    private readonly MapsResource _maps;
    private readonly RequestsResource _requests;
    private readonly HandlersResource _handlers;
    private readonly NodeFeed _feed;
    private readonly NodeResource _node;
    private readonly HealthResource _health;
    private readonly MetricsResource _metrics;
    private readonly PeriodicTimer _timer;
    private readonly Task _sweeping;

    /// <summary>Makes them; they begin to work when the node runs.</summary>
    public HttpService(
        IHearsay hearsay, HearsayHttpOptions options, IHostApplicationLifetime lifetime, TimeProvider time,
        IMeterFactory? meters, ILogger log)
    {
        var (served, limits) = (new ServedNode(hearsay), options.Limits);
        _counters = new HttpCounters(limits.PublishingBytes);
        var streams = new EventStreams(limits, _counters, lifetime.ApplicationStopping);
        var monitor = new HealthMonitor(served.Find, time);
        (_access, _writes) = (new AccessRules(options), new RateLimit(limits.WritesPerSecond, time));
        _isCrossOrigin = options.AllowedOrigins.Count > 0;
        _gate = new CallGate(_access, _writes, _counters, log, lifetime.ApplicationStopping);
        _peers = new PeersResource(served);
        _samplers = new SamplersResource(served, limits, time);
        _topics = new TopicsResource(served, limits, streams, time);
        _aggregates = new AggregatesResource(served, streams, time);
        _maps = new MapsResource(served, streams);
        _requests = new RequestsResource(served);
        _handlers = new HandlersResource(served, limits, time);
        _feed = new NodeFeed(served, monitor, limits.EventsHeld);
        _node = new NodeResource(
            served, monitor, _feed, streams, options.StopHostAfterLeave ? lifetime.StopApplication : null);
        _health = new HealthResource(served, monitor);
        _metrics = new MetricsResource(_counters, () => _handlers.Waiting, meters);
        _timer = new PeriodicTimer(SweepPause, time);
        _sweeping = SweepAsync(log);
    }

    /// <summary>What the service counts of itself.</summary>
    public HttpCounters Counters => _counters;

    /// <summary>Stands before its routes.</summary>
    public CallGate Gate => _gate;

    /// <summary>Takes what of other options can be taken while it runs: the token, if there was one, and the rate.
    /// </summary>
    public void Change(HearsayHttpOptions options)
    {
        if (options.BearerToken is { } token)
        {
            _access.ChangeToken(token);
        }

        _writes.Change(options.Limits.WritesPerSecond);
    }

    /// <summary>Adds all routes.</summary>
    public void Map(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder endpoints)
    {
        var routes = new ServiceRoutes(endpoints, _gate, _isCrossOrigin);
        _peers.Map(routes);
        _samplers.Map(routes);
        _topics.Map(routes);
        _aggregates.Map(routes);
        _maps.Map(routes);
        _requests.Map(routes);
        _handlers.Map(routes);
        _node.Map(routes);
        _health.Map(routes);
        _metrics.Map(routes);
        DescriptionResource.Map(routes);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _sweeping.ConfigureAwait(false);
        _peers.Dispose();
        _samplers.Dispose();
        _aggregates.Dispose();
        _maps.Dispose();
        _handlers.Dispose();
        await _topics.DisposeAsync().ConfigureAwait(false);
        await _feed.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    private async Task SweepAsync(ILogger log)
    {
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            try
            {
                _samplers.Sweep();
                _handlers.Sweep();
                await _topics.SweepAsync().ConfigureAwait(false);
                _feed.Look();
            }
            catch (Exception defect)
            {
                HttpServiceLog.SweepFailed(log, defect);
            }
        }
    }
}
