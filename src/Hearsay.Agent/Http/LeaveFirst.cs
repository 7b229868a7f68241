using Hearsay.Hosting;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Agent.Http;

/// <summary>
/// Lets the node leave before the web server waits for its calls. The host has one deadline for both, and a caller that
/// takes its answer slowly would use it up: the node would then end without a word to its neighbours.
/// </summary>
internal sealed class LeaveFirst(IHearsay hearsay) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Nothing to leave where the host stops before the node has started.
        if (hearsay.WhenStartedAsync(CancellationToken.None) is { IsCompletedSuccessfully: true } started)
        {
            var node = await started.ConfigureAwait(false);
            await node.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
