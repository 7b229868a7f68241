using Hearsay.Hosting;
using Microsoft.Extensions.Hosting;

namespace Hearsay.Cli.Agent;

/// <summary>
/// The lines an agent prints: one when it has started; then <c>peers N</c> when the number of peers has doubled or
/// halved, or, if it is verbose, <c>peers N: ID@ADDRESS ...</c> when the view is another than a cycle ago;
/// <c>address ADDRESS</c> when it is reached elsewhere than before; <c>renewed: id ID</c> when it had to take a new id.
/// </summary>
internal sealed class AgentStatus(IHearsay hearsay, TextWriter output, bool verbose, bool tellsStart)
    : BackgroundService
{
    private string _shown = string.Empty;
    private NodeAddresses _addresses;
    private NodeId _id;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var node = await hearsay.WhenStartedAsync(stoppingToken).ConfigureAwait(false);
        (_id, _addresses) = (node.Id, node.Addresses);
        if (tellsStart)
        {
            output.WriteLine($"started: id {_id}, address {_addresses}, cluster {node.Options.Cluster}");
        }

        using var timer = new PeriodicTimer(node.Options.Sampling.CycleTime, node.Options.Time);
        try
        {
            do
            {
                Show(node);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The agent stops, and its host says why.
        }
    }

    /// <summary>The size of a view as far as it is news: zero, or the power of two below it.</summary>
    internal static int Bucket(int peers) => peers == 0 ? 0 : 1 << int.Log2(peers);

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

        var view = node.GetView();
        var line = $"peers {view.Count}";
        var news = $"{Bucket(view.Count)}";
        if (verbose)
        {
            var peers = view.Select(peer => $"{peer.Id}@{peer.Addresses}").Order(StringComparer.Ordinal);
            news = line = $"peers {view.Count}: {string.Join(' ', peers)}".TrimEnd();
        }

        if (news != _shown)
        {
            _shown = news;
            output.WriteLine(line);
        }
    }
}
