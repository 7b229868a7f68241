using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>Packets as datagrams over one UDP socket.</summary>
/// <remarks>
/// A packet costs three system calls at most and no allocation: one buffer and one socket address serve all receives,
/// and senders write the target into a socket address of their thread. <see cref="TrySend"/> is safe from any thread.
/// The sockets of a process receive on threads of their own while they are few (<see cref="ReceiveThreads"/>).
/// </remarks>
internal sealed class UdpTransport : ITransport
{
    /// <summary>
    /// The longest datagram in bytes: fits the smallest IPv6 link (1,280) with its headers, so none is fragmented, and
    /// a lost fragment loses nothing more.
    /// </summary>
    public const int LongestPacketBytes = 1232;

    /// <summary>
    /// What the kernel is asked to queue, in bytes, while this process is busy; it may grant less. Only queued packets
    /// take memory, not the limit.
    /// </summary>
    public const int KernelBufferBytes = 1 << 20;

    /// <summary>
    /// Windows: SIO_UDP_CONNRESET, whether "port unreachable" of an earlier send fails the next receive.
    /// </summary>
    private const int ConnectionResetControl = unchecked((int)0x9800000C);

    [ThreadStatic]
    private static SocketAddress? t_targetIPv4;

    [ThreadStatic]
    private static SocketAddress? t_targetIPv6;

    private readonly Socket _socket;
    private readonly SocketFamilies _families;
    private readonly ReceiveThreads _threads;
    private UdpReceiver? _receiver;
    private int _started;

    /// <summary>Binds the socket; packets wait in the kernel until <see cref="Start"/>.</summary>
    /// <param name="local">
    /// Where to listen: an IPv4 address speaks IPv4, an IPv6 address IPv6, and <c>[::]</c> both. Port 0
    /// takes a free one.
    /// </param>
    /// <param name="threads">Threads to receive on; null for those of the process.</param>
    /// <exception cref="IOException">The address cannot be bound; the message names it.</exception>
    public UdpTransport(IPEndPoint local, ReceiveThreads? threads = null)
    {
        _threads = threads ?? ReceiveThreads.OfProcess;
        _socket = SocketBinding.Bind(local, SocketType.Dgram);
        _families = SocketFamilies.Of(local);
        LocalAddress = NodeAddress.From((IPEndPoint)_socket.LocalEndPoint!);
        Configure(_socket);
    }

    /// <inheritdoc/>
    public LinkKind Kind => LinkKind.Datagram;

    /// <inheritdoc/>
    public NodeAddress LocalAddress { get; }

    /// <inheritdoc/>
    public int MaximumPacketBytes => LongestPacketBytes;

    /// <inheritdoc/>
    public TransportCounters Counters { get; } = new();

    /// <inheritdoc/>
    public bool HasOwnThread => _receiver is { HasOwnThread: true };

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

        _receiver = new UdpReceiver(_socket, _families.IPv6, Counters, receiver, _threads);
        _receiver.Start();
    }

    /// <inheritdoc/>
    public bool TrySend(in Link to, ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty || packet.Length > LongestPacketBytes || !CanReach(to.Address))
        {
            return Counters.RefuseSend();
        }

        var target = _families.IPv6
            ? t_targetIPv6 ??= SocketAddressCodec.Create(ipv6: true)
            : t_targetIPv4 ??= SocketAddressCodec.Create(ipv6: false);
        SocketAddressCodec.Write(to.Address, target);
        try
        {
            _socket.SendTo(packet, SocketFlags.None, target);
            Counters.CountSent(packet.Length);
            return true;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return Counters.FailSend();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Close();
        if (_receiver is { } receiving)
        {
            await receiving.Ended.ConfigureAwait(false);
        }
    }

    /// <summary>Frees the port at once; a receive under way may still deliver.</summary>
    internal void Close()
    {
        Interlocked.Exchange(ref _started, 1);
        _receiver?.Close();
        _socket.Dispose();
    }

    private static void Configure(Socket socket)
    {
        // A full kernel buffer shall lose the packet, as the network does, and not hold up the node.
        socket.Blocking = false;
        if (OperatingSystem.IsWindows())
        {
            socket.IOControl(ConnectionResetControl, [0, 0, 0, 0], null);
        }

        try
        {
            socket.ReceiveBufferSize = KernelBufferBytes;
        }
        catch (SocketException)
        {
            // The default will do: the wish is for bursts.
        }
    }
}
