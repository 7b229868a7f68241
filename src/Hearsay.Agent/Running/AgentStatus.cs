using Hearsay.Agent.Http;
using Hearsay.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Agent.Running;

/// <summary>
/// The lines an agent prints: one when it has started, which tells where it serves HTTP; then <c>peers N</c> when the
/// number of peers has doubled or halved, or, if it is verbose, <c>peers N: ID@ADDRESS ...</c> when the view is another
/// than a cycle ago; <c>address ADDRESS</c> when it is reached elsewhere than before; <c>renewed: id ID</c> when it had
/// to take a new id.
/// </summary>
internal sealed class AgentStatus(
    IHearsay hearsay, IHostApplicationLifetime lifetime, IServer? server, TextWriter output, bool verbose,
    bool tellsStart) : BackgroundService
{
    private string _shown = string.Empty;
    private NodeAddresses _addresses;
    private NodeId _id;

    /// <summary>Takes what is wrong and stops nothing.</summary>
    public required Action<string> Warn { get; init; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await HostStartedAsync(stoppingToken).ConfigureAwait(false) is not { } node)
        {
            return;
        }

        (_id, _addresses) = (node.Id, node.Addresses);
        using var file = TellStart(node);
        var manager = ServiceManager.OfProcess(Warn);
        manager.Ready();
        using var timer = new PeriodicTimer(node.CycleTime, node.Options.Time);
        try
        {
            do
            {
                Show(node);
                timer.Period = node.CycleTime;
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The agent stops, and its host says why.
        }

        manager.Stopping();
    }

    /// <summary>The size of a view as far as it is news: zero, or the power of two below it.</summary>
    internal static int Bucket(int peers) => peers == 0 ? 0 : 1 << int.Log2(peers);

    /// <summary>The node, when the whole host has started, the HTTP service too; null if it does not start.</summary>
    private async Task<GossipNode?> HostStartedAsync(CancellationToken stopping)
    {
        try
        {
            await lifetime.WhenStartedAsync(stopping).ConfigureAwait(false);
            return await hearsay.WhenStartedAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Its host says why.
            return null;
        }
    }

    private HttpAddressFile? TellStart(GossipNode node)
    {
        var url = server?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (tellsStart)
        {
            var http = url is null ? string.Empty : $", http {url}";
            output.WriteLine($"started: id {_id}, address {_addresses}{http}, cluster {node.Options.Cluster}");
        }
        else if (url is not null)
        {
            output.WriteLine($"http {url}");
        }

        if (node.Options.DataDirectory is not { } directory)
        {
            return null;
        }

        var file = new HttpAddressFile(directory, Warn);
        file.Write(url);
        return file;
    }

    private void Show(GossipNode node)
    {
        if (node.Addresses != _addresses)
        {
            _addresses = node.Addresses;
            output.WriteLine($"address {_addresses}");
        }

        if (node.Id is var id && id != _id)
        {
            _id = id;
            output.WriteLine($"renewed: id {id}");
        }

        // Where nothing is told of the peers themselves, no list of them is made each cycle.
        var view = verbose ? node.GetView() : [];
        var count = verbose ? view.Count : node.ViewCount;
        var line = $"peers {count}";
        var news = $"{Bucket(count)}";
        if (verbose)
        {
            var peers = view.Select(peer => $"{peer.Id}@{peer.Addresses}").Order(StringComparer.Ordinal);
            news = line = $"peers {count}: {string.Join(' ', peers)}".TrimEnd();
        }

        if (news != _shown)
        {
            _shown = news;
            output.WriteLine(line);
        }
    }
}
