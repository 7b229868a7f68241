using Microsoft.Extensions.Hosting;

namespace Hearsay.Agent.Running;

/// <summary>
/// Collects once what starting has left behind, when the node has joined. A node at rest allocates hardly anything, so
/// the runtime would keep that memory for hours.
/// </summary>
internal sealed class StartGarbage(IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    /// <summary>How long after the start: by then a node has joined, and its HTTP service has answered once.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(10);

    /// <summary>How often it has collected: never, or once.</summary>
    public int Collections { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await lifetime.WhenStartedAsync(stoppingToken).ConfigureAwait(false);
            await Task.Delay(After, time, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return; // It stops before.
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Collections++;
    }
}
