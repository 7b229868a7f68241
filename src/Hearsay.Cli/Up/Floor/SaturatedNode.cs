using System.Net;
using Hearsay.Diagnostics;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Cli.Up.Floor;

/// <summary>
/// A node that begins its next cycle as soon as no exchange of its own is in flight: its clock then jumps to when the
/// cycle is due. Sockets, loop and protocol are those of any node; the jump costs a comparison per packet.
/// </summary>
internal sealed class SaturatedNode : INodeEvents, IAsyncDisposable
{
    /// <summary>So many dues may bring no exchange (a peer to look at again, say) before the node waits for its clock.
    /// </summary>
    private const int MostJumps = 8;

    private readonly HurriedScheduler _scheduler = new();
    private readonly UdpTransport _datagrams;
    private readonly TcpTransport _streams;
    private readonly NodeLoop _loop;
    private volatile bool _hurries;

    /// <summary>Binds and starts a node on 127.0.0.1.</summary>
    /// <param name="number">Its number among the nodes of the network, from 0.</param>
    /// <param name="cluster">The network.</param>
    /// <param name="sampling">How it samples.</param>
    public SaturatedNode(int number, string cluster, PeerSamplingOptions sampling)
    {
        (_datagrams, _streams) = TransportPair.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var self = new SelfDescription(
            new NodeId(1, (ulong)number + 1), 1, new NodeAddresses(_datagrams.LocalAddress), []);
        _loop = new NodeLoop(
            new NodeCoreOptions
            {
                Self = self, Seed = (ulong)number, Cluster = cluster, Sampling = sampling,
            },
            _datagrams, _streams, _scheduler, this);
        _loop.Start();
    }

    /// <summary>Where it is reached.</summary>
    public NodeAddress Address => _datagrams.LocalAddress;

    /// <summary>Exchanges of its own that were answered.</summary>
    public long Completed => _loop.Core.Counters.ExchangesCompleted;

    /// <summary>How many peers are in its view.</summary>
    public int ViewCount => _loop.Core.View.Count;

    /// <summary>Joins through a node.</summary>
    public void Join(NodeAddress contact) => _loop.Post((core, now) => core.Contact(now, [contact]));

    /// <summary>Has one exchange in flight from now on, or goes on at its own pace.</summary>
    public void Hurry(bool hurries)
    {
        _hurries = hurries;
        _loop.Post(static (_, _) => { });
    }

    /// <inheritdoc/>
    public void AfterInput(NodeCore core)
    {
        for (var jumps = 0; _hurries && jumps < MostJumps && IsIdle(core.Counters); jumps++)
        {
            _scheduler.JumpTo(core.NextDue);
            core.OnDue(_scheduler.Now);
        }
    }

    /// <inheritdoc/>
    public void ResolveContacts()
    {
    }

    /// <inheritdoc/>
    public void Notify(in NodeNotice notice)
    {
    }

    /// <inheritdoc/>
    public void OnViewChange(in ViewChange change)
    {
    }

    /// <inheritdoc/>
    public void OnMetadata(in MetadataAnswer answer)
    {
    }

    /// <inheritdoc/>
    public void OnStall(in StallReport report)
    {
    }

    /// <inheritdoc/>
    public void OnStreamsBlocked(NodeAddress address)
    {
    }

    /// <inheritdoc/>
    public void Publish(byte protocol, object happened)
    {
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _loop.Stop(leave: false);
        await _datagrams.DisposeAsync().ConfigureAwait(false);
        await _streams.DisposeAsync().ConfigureAwait(false);
    }

    private static bool IsIdle(NodeCounters counters) => counters.ExchangesStarted
        <= counters.ExchangesCompleted + counters.ExchangesTimedOut + counters.ExchangesMisdirected;
}
