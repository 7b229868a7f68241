using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>Packets as frames on pooled TCP connections, for what is larger than a datagram.</summary>
/// <remarks>
/// Packets travel both ways on one connection: what arrives carries its number, and an answer to that link goes back
/// on it. Connections are opened by the first packet to an address and closed when idle. A listener without connections
/// has no buffers and no timers. <see cref="TrySend"/> is safe from any thread.
/// </remarks>
internal sealed class TcpTransport : ITransport
{
    /// <summary>
    /// The longest packet in bytes: a full view with metadata or a piece of a map, yet small to hold and to copy.
    /// </summary>
    public const int LongestPacketBytes = 65_568;

    /// <summary>Connections the kernel holds for us before they are accepted.</summary>
    private const int Backlog = 64;

    private readonly Socket _listener;
    private readonly SocketFamilies _families;
    private readonly TcpConnectionTable _connections;
    private Task _accepting = Task.CompletedTask;
    private int _started;
    private volatile bool _disposed;

    /// <summary>Binds and listens; connections wait in the kernel until <see cref="Start"/>.</summary>
    /// <param name="local">
    /// Where to listen: an IPv4 address speaks IPv4, an IPv6 address IPv6, and <c>[::]</c> both. Port 0
    /// takes a free one.
    /// </param>
    /// <param name="time">The clock of the time-outs; null is the system's.</param>
    /// <param name="options">The bounds; null is <see cref="TcpTransportOptions.Default"/>.</param>
    /// <exception cref="IOException">The address cannot be bound; the message names it.</exception>
    public TcpTransport(IPEndPoint local, TimeProvider? time = null, TcpTransportOptions? options = null)
    {
        _listener = SocketBinding.Bind(local, SocketType.Stream);
        try
        {
            _listener.Listen(Backlog);
        }
        catch (SocketException error)
        {
            // Linux lets two sockets bind one port and refuses the second only here.
            _listener.Dispose();
            throw SocketBinding.Failure(local, SocketType.Stream, error);
        }

        _families = SocketFamilies.Of(local);
        LocalAddress = NodeAddress.From((IPEndPoint)_listener.LocalEndPoint!);
        var source = local.Address.Equals(IPAddress.Any) || local.Address.Equals(IPAddress.IPv6Any)
            ? null
            : new IPEndPoint(local.Address, 0);
        _connections = new TcpConnectionTable(
            source, Counters, time ?? TimeProvider.System, options ?? TcpTransportOptions.Default);
    }

    /// <inheritdoc/>
    public LinkKind Kind => LinkKind.Stream;

    /// <inheritdoc/>
    public NodeAddress LocalAddress { get; }

    /// <inheritdoc/>
    public int MaximumPacketBytes => LongestPacketBytes;

    /// <inheritdoc/>
    public TransportCounters Counters { get; } = new();

    /// <inheritdoc/>
    public void ReportTo(BlockedStreams blocked) => _connections.Blocked = blocked;

    /// <summary>The connections open or being opened now: accepted ones, and own ones.</summary>
    internal (int Inbound, int Outbound) Connections => _connections.Counts;

    /// <summary>The connection of that number, for tests that need to see when it last read.</summary>
    internal TcpConnection? FindConnection(int number) => _connections.Find(number);

    /// <inheritdoc/>
    public bool CanReach(in NodeAddress address) => _families.CanReach(address);

    /// <inheritdoc/>
    public void Start(IPacketReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("The transport has been started or disposed before.");
        }

        _connections.Open(receiver);
        _accepting = NoFlow.Run(() => Task.Run(AcceptAsync));
    }

    /// <inheritdoc/>
    public bool TrySend(in Link to, ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty || packet.Length > LongestPacketBytes)
        {
            return Counters.RefuseSend();
        }

        if (to.Connection == 0 && !CanReach(to.Address))
        {
            return Counters.RefuseSend();
        }

        var connection = to.Connection != 0
            ? _connections.Find(to.Connection)
            : _connections.FindOrOpen(to.Address);
        return connection is not null && connection.TryQueue(packet) || Counters.FailSend();
    }

    /// <inheritdoc/>
    public Task DrainAsync(TimeSpan limit) => _connections.DrainAsync(limit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        Interlocked.Exchange(ref _started, 1);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        await _connections.CloseAsync().ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        var pace = default(ErrorPace);
        using var acceptor = new ConnectionAcceptor();
        while (!_disposed)
        {
            try
            {
                if (await acceptor.NextAsync(_listener).ConfigureAwait(false) is { } socket)
                {
                    pace.Succeeded();
                    _connections.Accept(socket);
                }
                else if (!_disposed)
                {
                    Interlocked.Increment(ref Counters.ReceivesFailed);
                    await pace.Failed().ConfigureAwait(false);
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }
}
