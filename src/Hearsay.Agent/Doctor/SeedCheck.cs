using System.Net;
using System.Net.Sockets;
using Hearsay.Addresses;

namespace Hearsay.Agent.Doctor;

/// <summary>Whether a node answers at the seeds, over UDP and TCP, and whether it is of this cluster.</summary>
internal static class SeedCheck
{
    /// <summary>How long a seed may take to answer.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>All seeds, side by side.</summary>
    /// <param name="options">Of the node.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="visits">
    /// Whether to join through them. A guest has the identity of the node, and when it leaves the network takes it for
    /// the node that does.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<IEnumerable<Finding>> OfAsync(
        GossipNodeOptions options, IReadOnlyList<SeedAddress> seeds, bool visits, CancellationToken cancellation) =>
        await Task.WhenAll(seeds.DistinctBy(static seed => seed.EndPoint).Select(async seed =>
            IsOwn(options, seed.EndPoint)
                ? Finding.Ok("seed", $"{seed} is this node itself.")
                : Judge(
                    seed, options.Cluster,
                    await (visits ? VisitAsync(options, seed, cancellation) : PassAsync(seed, cancellation))
                        .ConfigureAwait(false),
                    await IsOpenAsync(seed.EndPoint, cancellation).ConfigureAwait(false)))).ConfigureAwait(false);

    /// <summary>What is known of a seed after the visit.</summary>
    internal static Finding Judge(SeedAddress seed, string cluster, SeedAnswer udp, bool isTcpOpen) => udp switch
    {
        SeedAnswer.OtherCluster => Finding.Problem(
            "seed", $"{seed} belongs to another cluster than '{cluster}'.",
            "Set the cluster of the network with --cluster, or name a seed of this one."),
        SeedAnswer.Node when isTcpOpen => Finding.Ok("seed", $"{seed} answers over UDP and TCP."),
        SeedAnswer.NotAsked when isTcpOpen => Finding.Ok(
            "seed", $"{seed} has its TCP port open. It is not asked more: this identity is in use by the agent."),
        SeedAnswer.Node => Finding.Problem(
            "seed", $"{seed} answers over UDP, and its TCP port is closed: what does not fit a datagram is lost.",
            $"Open TCP {seed.EndPoint.Port} in the firewalls on the way, beside UDP."),
        SeedAnswer.Closed when isTcpOpen => Finding.Problem(
            "seed", $"The UDP port {seed.EndPoint.Port} of {seed} is closed, and TCP is open: no node listens there, "
                + "or something else has its port.",
            $"Start the node there, and open UDP {seed.EndPoint.Port} beside TCP."),
        SeedAnswer.Closed => Finding.Problem(
            "seed", $"The UDP port {seed.EndPoint.Port} of {seed} is closed: nobody listens there.",
            "Start the node there, or correct the address and port of the seed."),
        SeedAnswer.NoWay => Finding.Problem(
            "seed", $"No way leads from this host to {seed}.",
            "Look at the routes of this host ('ip route'), and at the address of the seed."),
        _ when isTcpOpen => Finding.Problem(
            "seed", $"{seed} does not answer over UDP, and its TCP port is open: UDP is dropped on the way.",
            $"Open UDP {seed.EndPoint.Port} in the firewalls on the way, in both directions."),
        _ => Finding.Problem(
            "seed", $"Nobody answers at {seed} within {s_patience.TotalSeconds:0} s, neither over UDP nor TCP.",
            $"See whether the node runs there, and open UDP and TCP {seed.EndPoint.Port} in the firewalls on the way."),
    };

    private static bool IsOwn(GossipNodeOptions options, IPEndPoint seed) =>
        HostPort.TryParse(options.Bind, GossipNodeOptions.DefaultPort, out var bind) && bind.Port == seed.Port
        && (seed.Address.Equals(bind.Address)
            || (bind.Address is { } every && (every.Equals(IPAddress.Any) || every.Equals(IPAddress.IPv6Any))
                && options.Host.Addresses.Any(own => own.Address.Equals(seed.Address))));

    private static async Task<bool> IsOpenAsync(IPEndPoint seed, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        try
        {
            using var socket = new Socket(seed.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(seed, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception none) when (none is SocketException
            || (none is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    private static async Task<SeedAnswer> PassAsync(SeedAddress seed, CancellationToken cancellation) =>
        await KnockAsync(seed.EndPoint, cancellation).ConfigureAwait(false) is var heard and not SeedAnswer.None
            ? heard : SeedAnswer.NotAsked;

    /// <summary>Joins through the seed as a guest, and leaves at once.</summary>
    private static async Task<SeedAnswer> VisitAsync(
        GossipNodeOptions options, SeedAddress seed, CancellationToken cancellation)
    {
        var every = seed.EndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? "[::]:0" : "0.0.0.0:0";
        await using var guest = await GossipNode.StartAsync(
            options with
            {
                Bind = IPAddress.IsLoopback(seed.EndPoint.Address) ? Loopback(seed.EndPoint) : every,
                Advertise = null, DataDirectory = null, Seeds = [$"{seed.EndPoint}"], Metadata = default,
                Broadcast = null, Aggregation = null, Maps = null, Rumors = null, Requests = null,
                LoggerFactory = null,
            },
            cancellation).ConfigureAwait(false);
        for (var begun = TimeProvider.System.GetTimestamp();
            TimeProvider.System.GetElapsedTime(begun) < s_patience;
            await Task.Delay(s_look, cancellation).ConfigureAwait(false))
        {
            if (guest.ViewCount > 0)
            {
                return SeedAnswer.Node;
            }

            if (guest.Events.RefusedBy is not null)
            {
                return SeedAnswer.OtherCluster;
            }
        }

        return await KnockAsync(seed.EndPoint, cancellation).ConfigureAwait(false);
    }

    private static string Loopback(IPEndPoint seed) =>
        seed.AddressFamily == AddressFamily.InterNetworkV6 ? "[::1]:0" : "127.0.0.1:0";

    /// <summary>The operating system of the other side tells a closed port, if nothing on the way keeps it.</summary>
    private static async Task<SeedAnswer> KnockAsync(IPEndPoint seed, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience / 3);
        try
        {
            using var socket = new Socket(seed.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(seed, limit.Token).ConfigureAwait(false);
            await socket.SendAsync(new byte[1], limit.Token).ConfigureAwait(false);
            await socket.ReceiveAsync(new byte[1], limit.Token).ConfigureAwait(false);
            return SeedAnswer.None;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused ? SeedAnswer.Closed
                : error.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable
                ? SeedAnswer.NoWay : SeedAnswer.None;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return SeedAnswer.None;
        }
    }
}
