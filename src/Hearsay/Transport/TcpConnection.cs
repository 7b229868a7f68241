using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>
/// One connection: a bounded queue with a writer that runs while it is not empty, and a reader that waits without a
/// buffer.
/// </summary>
/// <remarks>State is guarded by the table's lock unless a loop owns it. Thread safe.</remarks>
internal sealed partial class TcpConnection : IThreadPoolWorkItem
{
    /// <summary>Stands for "not under way".</summary>
    private const long Never = long.MaxValue;

    private readonly TcpConnectionTable _table;
    private readonly Queue<ArraySegment<byte>> _queue = [];
    private readonly long _created;

    /// <summary>Null until the writer has opened it, for a connection opened here.</summary>
    private Socket? _socket;

    private int _pendingPackets;
    private int _pendingBytes;
    private bool _writing;
    private bool _connected;
    private bool _closed;

    /// <summary>Whether nothing more is taken, and the other side is told so when all is written.</summary>
    private bool _finishing;

    /// <summary>When the frame now being read began, or <see cref="Never"/>.</summary>
    private long _readStarted = Never;

    /// <summary>When the frame now being written began, or <see cref="Never"/>.</summary>
    private long _writeStarted = Never;

    /// <summary>A connection that was accepted, or one to be opened by the first packet.</summary>
    /// <param name="table">Its table, whose lock the caller holds.</param>
    /// <param name="number">Its number, not 0.</param>
    /// <param name="remote">The other side.</param>
    /// <param name="socket">What was accepted; null opens one.</param>
    public TcpConnection(TcpConnectionTable table, int number, in NodeAddress remote, Socket? socket)
    {
        (_table, _socket) = (table, socket);
        Link = new Link(remote, LinkKind.Stream, number);
        IsInbound = _connected = socket is not null;
        LastActivity = _created = table.Now;
        if (IsInbound)
        {
            // Nobody connects without something to say: the first frame is awaited from here on.
            _readStarted = _created;
        }
    }

    /// <summary>The other side, and this connection's number.</summary>
    public Link Link { get; }

    /// <summary>Whether it was accepted here.</summary>
    public bool IsInbound { get; }

    /// <summary>When bytes last went over it.</summary>
    public long LastActivity { get; private set; }

    /// <summary>Whether something is being opened, written or read.</summary>
    public bool IsBusy => _pendingPackets > 0 || _readStarted != Never || !_connected;

    /// <summary>When it is to be closed if nothing happens until then.</summary>
    public long Deadline => Math.Min(LateAt, After(
        LastActivity, IsInbound ? _table.Options.InboundIdleTimeout : _table.Options.OutboundIdleTimeout));

    private long LateAt => _connected
        ? After(Math.Min(_readStarted, _writeStarted), _table.Options.FrameTimeout)
        : After(_created, _table.Options.ConnectTimeout);

    /// <summary>Whether the other side is too slow, rather than idle.</summary>
    public bool IsLate(long now) => LateAt <= now;

    /// <summary>Copies a packet into the queue.</summary>
    /// <returns>False if the queue is full or the connection closed.</returns>
    public bool TryQueue(ReadOnlySpan<byte> packet)
    {
        var bytes = FrameBuffer.HeaderBytes + packet.Length;
        lock (_table.Gate)
        {
            if (_closed || _finishing || _pendingPackets >= _table.Options.QueuePackets
                || _pendingBytes + bytes > _table.Options.QueueBytes)
            {
                return false;
            }

            var frame = ArrayPool<byte>.Shared.Rent(bytes);
            BinaryPrimitives.WriteInt32BigEndian(frame, packet.Length);
            packet.CopyTo(frame.AsSpan(FrameBuffer.HeaderBytes));
            _queue.Enqueue(new ArraySegment<byte>(frame, 0, bytes));
            _pendingBytes += bytes;
            Interlocked.Add(ref _table.Counters.WaitingBytes, bytes);
            _pendingPackets++;
            if (_writing)
            {
                return true;
            }

            _writing = true;
        }

        _table.LoopStarted();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Writes until the queue is empty: the thread pool calls this.</summary>
    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    /// <summary>
    /// Takes nothing more; when what waits is written, the other side is told. It closes when it has read all.
    /// </summary>
    public void Finish()
    {
        lock (_table.Gate)
        {
            _finishing = true;
            if (_writing)
            {
                return;
            }
        }

        EndSending();
    }

    /// <summary>Closes it; packets that wait are lost and counted. More than once does nothing.</summary>
    public void Close()
    {
        ArraySegment<byte>[] lost;
        bool failed;
        lock (_table.Gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            failed = !_connected && !_table.IsEnding;
            _table.Remove(this);
            lost = [.. _queue];
            _queue.Clear();
        }

        foreach (var frame in lost)
        {
            _table.Counters.FailSend();
            Interlocked.Add(ref _table.Counters.WaitingBytes, -frame.Count);
            ArrayPool<byte>.Shared.Return(frame.Array!);
        }

        _socket?.Dispose();
        if (failed)
        {
            _table.Blocked?.Failed(Link.Address);
        }
    }

    private static long After(long start, TimeSpan delay) => start == Never ? Never : start + delay.Ticks;

    private async Task WriteAsync()
    {
        try
        {
            if (!_connected)
            {
                await ConnectAsync().ConfigureAwait(false);
            }

            while (TryTake(out var frame))
            {
                await WriteAsync(frame).ConfigureAwait(false);
            }

            if (Volatile.Read(ref _finishing))
            {
                EndSending();
            }
        }
        catch (Exception error) when (IsOfConnection(error))
        {
            Close();
        }
        finally
        {
            _table.LoopEnded();
        }
    }

    private void EndSending()
    {
        try
        {
            _socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (IsOfConnection(error))
        {
            Close();
        }
    }

    private async Task ConnectAsync()
    {
        var target = Link.Address.ToIPEndPoint();
        var socket = _table.CreateSocket(target);
        lock (_table.Gate)
        {
            // Here, not in the constructor, because opening a socket can fail. Close disposes it from now on.
            if (_closed)
            {
                socket.Dispose();
                return;
            }

            _socket = socket;
        }

        await socket.ConnectAsync(target).ConfigureAwait(false);
        if (Equals(socket.LocalEndPoint, target))
        {
            // Nobody listens there, and the kernel gave us that very port: TCP has connected the socket to itself.
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        lock (_table.Gate)
        {
            _connected = true;
            LastActivity = _table.Now;
        }

        _table.Blocked?.Opened(Link.Address);
        StartReading();
    }

    private bool TryTake(out ArraySegment<byte> frame)
    {
        lock (_table.Gate)
        {
            if (!_queue.TryDequeue(out frame))
            {
                // Under the same lock as the look into the queue, so that there is never a second writer, nor none.
                _writing = false;
                return false;
            }

            _writeStarted = _table.Now;
            _table.Arm(Deadline);
            return true;
        }
    }

    private async Task WriteAsync(ArraySegment<byte> frame)
    {
        var written = 0;
        try
        {
            while (written < frame.Count)
            {
                written += await _socket!.SendAsync(frame.AsMemory(written), SocketFlags.None).ConfigureAwait(false);
            }

            _table.Counters.CountSent(frame.Count - FrameBuffer.HeaderBytes);
        }
        catch (Exception error) when (IsOfConnection(error))
        {
            _table.Counters.FailSend();
            throw;
        }
        finally
        {
            OnWritten(frame.Count);
            ArrayPool<byte>.Shared.Return(frame.Array!);
        }
    }

    private void OnWritten(int bytes)
    {
        lock (_table.Gate)
        {
            _writeStarted = Never;
            LastActivity = _table.Now;
            _pendingPackets--;
            _pendingBytes -= bytes;
            Interlocked.Add(ref _table.Counters.WaitingBytes, -bytes);
        }
    }

    private static bool IsOfConnection(Exception error) =>
        error is SocketException or ObjectDisposedException or OperationCanceledException;
}
