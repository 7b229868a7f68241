using System.Net;
using System.Net.Sockets;

namespace Hearsay.Transport;

/// <summary>
/// The connections of a <see cref="TcpTransport"/>: their bounds, their numbers and their deadlines.
/// </summary>
/// <remarks>
/// One lock guards the table and the small state of its connections; nothing waits and no socket is touched under it.
/// One timer, armed for the earliest deadline, exists only while there are connections.
/// </remarks>
internal sealed partial class TcpConnectionTable(
    IPEndPoint? source, TransportCounters counters, TimeProvider time, TcpTransportOptions options)
{
    private readonly Dictionary<int, TcpConnection> _byNumber = [];
    private readonly Dictionary<NodeAddress, TcpConnection> _outbound = [];
    private readonly TaskCompletionSource _loopsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _origin = time.GetTimestamp();
    private IPacketReceiver? _receiver;
    private int _lastNumber;

    /// <summary>The running loops of connections, plus one for the table until it is closed.</summary>
    private int _loops = 1;

    private bool _closed;

    /// <summary>The lock of the table and its connections; may be taken again by its holder.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What the transport counts.</summary>
    public TransportCounters Counters => counters;

    /// <summary>The bounds.</summary>
    public TcpTransportOptions Options => options;

    /// <summary>Who takes the packets.</summary>
    public IPacketReceiver Receiver => _receiver!;

    /// <summary>Who is told which connections could be opened and which could not; null is nobody.</summary>
    public BlockedStreams? Blocked { get; set; }

    /// <summary>Whether the transport is being closed, so that a connection fails for that reason; lock held.</summary>
    public bool IsEnding => _closed || _draining;

    /// <summary>The time since the transport was made, in ticks.</summary>
    public long Now => time.GetElapsedTime(_origin).Ticks;

    /// <summary>How many connections were accepted, and how many opened here.</summary>
    public (int Inbound, int Outbound) Counts
    {
        get
        {
            lock (Gate)
            {
                return (_byNumber.Count - _outbound.Count, _outbound.Count);
            }
        }
    }

    /// <summary>Allows connections; what they bring goes to <paramref name="receiver"/>.</summary>
    public void Open(IPacketReceiver receiver) => _receiver = receiver;

    /// <summary>The connection of that number, or null if it is gone.</summary>
    public TcpConnection? Find(int number)
    {
        lock (Gate)
        {
            return _byNumber.GetValueOrDefault(number);
        }
    }

    /// <summary>The connection opened to that address before, or a new one; null if all are busy.</summary>
    public TcpConnection? FindOrOpen(in NodeAddress address)
    {
        TcpConnection? evicted = null;
        TcpConnection connection;
        lock (Gate)
        {
            if (_closed || _draining || _receiver is null)
            {
                return null;
            }

            if (_outbound.TryGetValue(address, out var existing))
            {
                return existing;
            }

            if (_outbound.Count >= options.MaximumOutbound)
            {
                Interlocked.Increment(ref counters.ConnectionsRefused);
                if ((evicted = LongestIdle()) is null)
                {
                    return null;
                }

                Remove(evicted);
            }

            connection = new TcpConnection(this, NextNumber(), address, socket: null);
            _outbound.Add(address, connection);
            Add(connection);
        }

        evicted?.Close();
        return connection;
    }

    /// <summary>Takes an accepted socket, or closes it if there are too many.</summary>
    public void Accept(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var remote = NodeAddress.From((IPEndPoint)socket.RemoteEndPoint!);
            lock (Gate)
            {
                if (!_closed && !_draining && _byNumber.Count - _outbound.Count < options.MaximumInbound)
                {
                    var connection = new TcpConnection(this, NextNumber(), remote, socket);
                    Add(connection);
                    connection.StartReading();
                    return;
                }
            }

            Interlocked.Increment(ref counters.ConnectionsRefused);
        }
        catch (SocketException)
        {
            // It was closed by the other side while it waited to be accepted.
        }

        socket.Dispose();
    }

    /// <summary>A socket to connect with, bound to the address the transport listens on.</summary>
    public Socket CreateSocket(IPEndPoint target)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (source is not null)
            {
                // The peer shall see the host we listen on, as it does with our datagrams.
                socket.Bind(source);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Forgets a connection; call with the lock held.</summary>
    public void Remove(TcpConnection connection)
    {
        _byNumber.Remove(connection.Link.Connection);
        if (!connection.IsInbound && _outbound.GetValueOrDefault(connection.Link.Address) == connection)
        {
            _outbound.Remove(connection.Link.Address);
        }

        if (_byNumber.Count == 0)
        {
            _timer?.Dispose();
            _timer = null;
            if (_draining)
            {
                _drained.TrySetResult();
            }
        }
    }

    /// <summary>A loop of a connection begins; disposal waits for its end.</summary>
    public void LoopStarted() => Interlocked.Increment(ref _loops);

    /// <summary>A loop of a connection has ended.</summary>
    public void LoopEnded()
    {
        if (Interlocked.Decrement(ref _loops) == 0)
        {
            _loopsEnded.TrySetResult();
        }
    }

    /// <summary>Closes all connections, allows no more, and waits until none delivers.</summary>
    public Task CloseAsync()
    {
        TcpConnection[] connections;
        lock (Gate)
        {
            if (_closed)
            {
                return _loopsEnded.Task;
            }

            _closed = true;
            connections = [.. _byNumber.Values];
        }

        foreach (var connection in connections)
        {
            connection.Close();
        }

        LoopEnded();
        return _loopsEnded.Task;
    }

    private int NextNumber()
    {
        // 0 means "any"; after 2^32 connections an old one might still be there.
        do
        {
            _lastNumber = unchecked(_lastNumber + 1);
        }
        while (_lastNumber == 0 || _byNumber.ContainsKey(_lastNumber));
        return _lastNumber;
    }

    private void Add(TcpConnection connection)
    {
        _byNumber.Add(connection.Link.Connection, connection);
        Arm(connection.Deadline);
    }

    private TcpConnection? LongestIdle()
    {
        TcpConnection? found = null;
        foreach (var connection in _outbound.Values)
        {
            if (!connection.IsBusy && (found is null || connection.LastActivity < found.LastActivity))
            {
                found = connection;
            }
        }

        return found;
    }
}
