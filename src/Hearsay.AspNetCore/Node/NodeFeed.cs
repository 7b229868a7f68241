using System.Text;
using System.Text.Json;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Health;
using Hearsay.AspNetCore.Peers;
using Hearsay.AspNetCore.Streams;
using Hearsay.Hosting;

namespace Hearsay.AspNetCore.Node;

/// <summary>Changes of the view, of the node's health and of its identity: watched once, from the first reader on.
/// </summary>
internal sealed class NodeFeed(ServedNode served, HealthMonitor monitor, int eventsHeld) : IAsyncDisposable
{
    private const int HeldBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly EventLog _log = new(eventsHeld, HeldBytes);
    private HealthState _health = HealthState.Starting;
    private (NodeId Id, NodeAddresses Addresses) _identity;
    private Task? _watching;

    /// <summary>The events.</summary>
    public EventLog Log
    {
        get
        {
            lock (_gate)
            {
                if (_watching is null)
                {
                    var node = served.Node;
                    (_health, _identity) = (monitor.Look(), (node.Id, node.Addresses));
                    _watching = Task.Run(() => WatchAsync(node));
                }
            }

            return _log;
        }
    }

    /// <summary>The whole view as an event.</summary>
    public byte[] View() => EventFrame.Of(null, "view", JsonSerializer.SerializeToUtf8Bytes(
        new PeerList([.. served.Node.GetView().Select(static peer => PeerItem.Of(peer))]),
        NodeJson.Default.PeerList));

    /// <summary>Looks whether health or identity have changed; once a second.</summary>
    public void Look()
    {
        var health = monitor.Look();
        if (Volatile.Read(ref _watching) is null)
        {
            return;
        }

        var node = served.Node;
        if (health != _health)
        {
            _health = health;
            _log.Add("health", JsonSerializer.SerializeToUtf8Bytes(
                new HealthItem(HealthResource.NameOf(health), node.ViewCount), NodeJson.Default.HealthItem));
        }

        if ((node.Id, node.Addresses) is var identity && identity != _identity)
        {
            _identity = identity;
            _log.Add("identity", JsonSerializer.SerializeToUtf8Bytes(
                new IdentityItem(node.Id.ToString(), NodeResource.ListOf(node.Addresses)),
                NodeJson.Default.IdentityItem));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        if (_watching is { } watching)
        {
            await watching.ConfigureAwait(false);
        }

        _ended.Dispose();
    }

    private async Task WatchAsync(GossipNode node)
    {
        try
        {
            // The sequence begins with the view as it is, which every reader gets for itself.
            var known = node.GetView().Select(static peer => peer.Id).ToHashSet();
            await foreach (var change in node.WatchViewAsync(_ended.Token).ConfigureAwait(false))
            {
                if (change.Kind == ViewChangeKind.Lagged)
                {
                    _log.Add("lagged", Encoding.UTF8.GetBytes($$"""{"missed":{{change.Missed}}}"""));
                }
                else if (change.Kind != ViewChangeKind.Added || !known.Remove(change.Peer.Id))
                {
                    _log.Add(NameOf(change.Kind), JsonSerializer.SerializeToUtf8Bytes(
                        PeerItem.Of(change.Peer), NodeJson.Default.PeerItem));
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or InvalidOperationException or HearsayException)
        {
            // The host or the node has stopped, or the node has too many watchers: the streams end.
        }
        finally
        {
            _log.Complete();
        }
    }

    private static string NameOf(ViewChangeKind kind) => kind switch
    {
        ViewChangeKind.Added => "added",
        ViewChangeKind.Removed => "removed",
        _ => "updated",
    };
}
