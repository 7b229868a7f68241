using System.Net;
using Hearsay.Addresses;
using Hearsay.Joining;
using Hearsay.Transport;

namespace Hearsay;

/// <summary>The sockets (or places in a memory network) of a node, and the addresses it tells others.</summary>
internal sealed class NodeBindings : IAsyncDisposable
{
    private NodeBindings(ITransport datagrams, ITransport streams, NodeAddresses advertised) =>
        (Datagrams, Streams, Advertised) = (datagrams, streams, advertised);

    /// <summary>For datagrams.</summary>
    public ITransport Datagrams { get; }

    /// <summary>For streams.</summary>
    public ITransport Streams { get; }

    /// <summary>What others are told.</summary>
    public NodeAddresses Advertised { get; }

    /// <summary>Binds and finds out what to advertise.</summary>
    /// <exception cref="IOException">The address cannot be bound.</exception>
    /// <exception cref="ArgumentException">The advertised name is not known.</exception>
    public static async Task<NodeBindings> BindAsync(GossipNodeOptions options, CancellationToken cancellation)
    {
        HostPort.TryParse(options.Bind, GossipNodeOptions.DefaultPort, out var bind);
        var (datagrams, streams) = Bind(options, new IPEndPoint(bind.Address!, bind.Port));
        try
        {
            var advertised = options.Advertise is { } text
                ? await AdvertisedAsync(text, datagrams.LocalAddress.Port, cancellation).ConfigureAwait(false)
                : await OwnAddressAsync(options, datagrams.LocalAddress, cancellation).ConfigureAwait(false);
            return new NodeBindings(datagrams, streams, advertised);
        }
        catch
        {
            await datagrams.DisposeAsync().ConfigureAwait(false);
            await streams.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// What a node that listens on every address tells others after the interfaces have changed, and whether to look
    /// again soon, since the host may not have told everything.
    /// </summary>
    public static async Task<(NodeAddresses Addresses, bool IsUncertain)> ReconsiderAsync(
        GossipNodeOptions options, NodeAddress bound, NodeAddresses told, CancellationToken cancellation)
    {
        var chosen = await OwnAddressAsync(options, bound, cancellation).ConfigureAwait(false);
        return (
            LocalAddress.Reconsider(options.Host, told, chosen),
            LocalAddress.IsUncertain(options.Host, told, chosen));
    }

    /// <summary>The addresses behind an advertised text; a port of 0 or none is the one bound.</summary>
    /// <exception cref="ArgumentException">The text is no address, or a name that is not known.</exception>
    public static async Task<NodeAddresses> AdvertisedAsync(
        string advertise, ushort boundPort, CancellationToken cancellation)
    {
        var addresses = new NodeAddress[2];
        var count = 0;
        foreach (var part in advertise.Split(',', StringSplitOptions.TrimEntries).Take(2))
        {
            if (!HostPort.TryParse(part, 0, out var parsed))
            {
                throw new ArgumentException($"Advertise must be HOST[:PORT], not '{part}'.");
            }

            var errors = new List<string>();
            var found = await SeedResolver.ResolveAsync(parsed, errors, cancellation).ConfigureAwait(false);
            var port = parsed.Port == 0 ? boundPort : parsed.Port;
            var usable = found.Select(ip => NodeAddress.From(new IPEndPoint(ip, port))).FirstOrDefault(a => a.IsUsable);
            if (usable.IsNone)
            {
                throw new ArgumentException(
                    $"Advertise: '{part}' is no address that others can reach. {string.Join(' ', errors)}".TrimEnd());
            }

            addresses[count++] = usable;
        }

        return new NodeAddresses(addresses[0], addresses[1]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Datagrams.DisposeAsync().ConfigureAwait(false);
        await Streams.DisposeAsync().ConfigureAwait(false);
    }

    private static (ITransport Datagrams, ITransport Streams) Bind(GossipNodeOptions options, IPEndPoint local)
    {
        return options.Network is { } network
            ? TransportPair.Bind(network, NodeAddress.From(local))
            : TransportPair.Bind(local, options.Time);
    }

    private static async Task<NodeAddresses> OwnAddressAsync(
        GossipNodeOptions options, NodeAddress bound, CancellationToken cancellation)
    {
        if (bound.IsUsable)
        {
            return new NodeAddresses(bound);
        }

        var (seeds, _) = await SeedResolver.ResolveAsync(options.Seeds, cancellation).ConfigureAwait(false);
        return LocalAddress.Choose(options.Host, bound, seeds);
    }
}
