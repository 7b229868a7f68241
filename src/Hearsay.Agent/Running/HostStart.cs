using Microsoft.Extensions.Hosting;

namespace Hearsay.Agent.Running;

/// <summary>The moment at which a host has started, with all of its services.</summary>
internal static class HostStart
{
    /// <summary>Ends when the host has started.</summary>
    /// <exception cref="OperationCanceledException">It stops before.</exception>
    public static async Task WhenStartedAsync(this IHostApplicationLifetime lifetime, CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stopping).ConfigureAwait(false);
    }
}
