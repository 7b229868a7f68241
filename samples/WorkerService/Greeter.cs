using System.Text;
using Hearsay;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WorkerService;

/// <summary>Greets a random peer each second, through a sampler of its own.</summary>
internal sealed class Greeter(IPeerSampler peers, ILogger<Greeter> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (peers.TryGetPeer(out var peer))
            {
                var metadata = Encoding.UTF8.GetString(peer.Metadata.Span);
                logger.LogInformation("Hello {Address}, you said {Metadata}!", peer.Address, metadata);
            }
            else
            {
                logger.LogInformation("Nobody is here yet.");
            }
        }
    }
}
