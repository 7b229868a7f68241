using System.Text;
using Hearsay;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WorkerService;

/// <summary>Greets a random peer each second, through a sampler of its own.</summary>
internal sealed partial class Greeter(IPeerSampler peers, ILogger<Greeter> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (peers.TryGetPeer(out var peer))
            {
                LogHello(peer.Address, Encoding.UTF8.GetString(peer.Metadata.Span));
            }
            else
            {
                LogNobody();
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Hello {Address}, you said {Metadata}!")]
    private partial void LogHello(NodeAddress address, string metadata);

    [LoggerMessage(2, LogLevel.Information, "Nobody is here yet.")]
    private partial void LogNobody();
}
