using System.Diagnostics.Metrics;
using Hearsay.Protocols;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hearsay.Hosting;

/// <summary>Starts a node with the host and lets it leave when the host stops.</summary>
/// <param name="services">Where clock, log, protocols and network come from.</param>
/// <param name="name">The cluster's key; null for the only or first one.</param>
internal sealed class HearsayService(IServiceProvider services, string? name)
    : IHearsay, IHostedService, IAsyncDisposable, IDisposable
{
    private readonly TaskCompletionSource<GossipNode> _started =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _samplers;

    /// <inheritdoc/>
    public GossipNode Node => StartedNode ?? throw new InvalidOperationException(
        "The host has not started the Hearsay node yet. Await WhenStartedAsync to wait for it.");

    /// <summary>The node, or null before it was started.</summary>
    public GossipNode? StartedNode => _started.Task.IsCompletedSuccessfully ? _started.Task.Result : null;

    /// <inheritdoc/>
    public Task<GossipNode> WhenStartedAsync(CancellationToken cancellationToken = default) =>
        _started.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var node = await GossipNode.StartAsync(Options(), cancellationToken).ConfigureAwait(false);
            if (!_started.TrySetResult(node))
            {
                // It was stopped meanwhile, and did not know of the node.
                await node.DisposeAsync().ConfigureAwait(false);
                return;
            }

            _ = StopHostAfterAsync(node);
        }
        catch (Exception failure)
        {
            _started.TrySetException(failure);
            _ = _started.Task.Exception; // The host reports it; who waits gets it too, and nobody has to.
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _started.TrySetCanceled(CancellationToken.None);
        if (StartedNode is { } node)
        {
            await node.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>For hosts and containers that are disposed without waiting.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>A sampler for one consumer; it works from the node's start on.</summary>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public IPeerSampler CreateSampler()
    {
        // One is the node's own.
        const int Most = GossipNode.MaximumSamplers - 1;
        if (Interlocked.Increment(ref _samplers) > Most)
        {
            Interlocked.Decrement(ref _samplers);
            throw new InvalidOperationException(
                $"At most {Most} samplers can be injected. "
                + "Does a transient or scoped service that is made again and again "
                + "hold one? Make it a singleton, or dispose its scope.");
        }

        return new InjectedSampler(this, () => Interlocked.Decrement(ref _samplers));
    }

    /// <summary>A host whose node stopped by itself stops too: what it serves would have no peers any more.</summary>
    private async Task StopHostAfterAsync(GossipNode node)
    {
        try
        {
            await node.Completion.ConfigureAwait(false);
        }
        catch (IdConflictException)
        {
            // The node has logged why.
            services.GetService<IHostApplicationLifetime>()?.StopApplication();
        }
    }

    private GossipNodeOptions Options()
    {
        var monitor = services.GetRequiredService<IOptionsMonitor<HearsayOptions>>();
        var protocols = name is null
            ? services.GetServices<IProtocol>()
            : services.GetKeyedServices<IProtocol>(name);
        var options = monitor.Get(name ?? Microsoft.Extensions.Options.Options.DefaultName);
        var node = HearsayOptionsMapping.ToNodeOptions(options);
        var security = options.Keyring is null && options.Identity is null
            ? services.GetService<ClusterSecurity>() : null;
        return node with
        {
            Security = security ?? node.Security,
            Protocols = [.. protocols],
            Time = services.GetService<TimeProvider>() ?? TimeProvider.System,
            LoggerFactory = services.GetService<ILoggerFactory>(),
            MeterFactory = services.GetService<IMeterFactory>(),
            Network = services.GetService<MemoryNetwork>(),
            MapStorage = name is null
                ? services.GetService<IMapStorage>() : services.GetKeyedService<IMapStorage>(name),
        };
    }
}
