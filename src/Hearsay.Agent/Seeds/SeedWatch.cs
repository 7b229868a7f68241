using Hearsay.Hosting;
using Hearsay.Settings;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Agent.Seeds;

/// <summary>
/// Contacts the seeds that a file, SRV records or a reload name. A node that knows nobody contacts them again and
/// again, as it does with the seeds of its options.
/// </summary>
internal sealed class SeedWatch(IHearsay hearsay, Action<string> warn) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    /// <summary>Records change rarely; those that are gone do no harm.</summary>
    private static readonly TimeSpan s_askAgain = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _wake = new(0);
    private readonly Dictionary<string, IReadOnlyList<string>> _seeds = [];
    private readonly Lock _gate = new();
    private string _told = string.Empty;

    /// <summary>The name with SRV records; null for none.</summary>
    public string? Service { get; init; }

    /// <summary>Looks SRV records up.</summary>
    public Func<string, CancellationToken, Task<IReadOnlyList<string>>> LookUp { get; init; } = SrvLookup.SeedsAsync;

    /// <summary>The seeds that a source names from now on. They are contacted at once.</summary>
    public void Set(string source, IReadOnlyList<string> seeds)
    {
        lock (_gate)
        {
            if (_seeds.TryGetValue(source, out var before) && before.SequenceEqual(seeds))
            {
                return;
            }

            _seeds[source] = seeds;
        }

        _wake.Release();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var node = await hearsay.WhenStartedAsync(stoppingToken).ConfigureAwait(false);
            var asked = long.MinValue;
            while (true)
            {
                if (Service is { } service && (asked == long.MinValue
                    || TimeProvider.System.GetElapsedTime(asked) > s_askAgain || node.ViewCount == 0))
                {
                    asked = TimeProvider.System.GetTimestamp();
                    await LookUpAsync(service, stoppingToken).ConfigureAwait(false);
                }

                var isWoken = await _wake.WaitAsync(s_pause, stoppingToken).ConfigureAwait(false);
                if (isWoken || node.ViewCount == 0)
                {
                    await ContactAsync(node, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The agent stops.
        }
    }

    private async Task LookUpAsync(string service, CancellationToken cancellation)
    {
        try
        {
            Set("SRV", await LookUp(service, cancellation).ConfigureAwait(false));
            _told = string.Empty;
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
        {
            Tell($"the SRV records of {service} cannot be looked up: {error.Message}");
        }
    }

    private async Task ContactAsync(GossipNode node, CancellationToken cancellation)
    {
        string[] seeds;
        lock (_gate)
        {
            seeds = [.. _seeds.Values.SelectMany(static seeds => seeds).Distinct()];
        }

        foreach (var some in seeds.Chunk(GossipNodeOptions.MaximumSeeds))
        {
            try
            {
                await node.ContactAsync(some, cancellation).ConfigureAwait(false);
            }
            catch (Exception error) when (error is ArgumentException or HearsayException)
            {
                Tell($"seeds are not used: {ArgumentText.Of(error)}");
            }
        }
    }

    /// <summary>What goes on being wrong is told once.</summary>
    private void Tell(string warning)
    {
        if (warning != _told)
        {
            _told = warning;
            warn(warning);
        }
    }
}
