using System.Net.Sockets;

namespace Hearsay.Transport;

/// <content>The reading half.</content>
internal sealed partial class TcpConnection
{
    /// <summary>Begins to read; call once it is connected.</summary>
    public void StartReading()
    {
        _table.LoopStarted();
        ThreadPool.UnsafeQueueUserWorkItem(static connection => _ = connection.ReadAsync(), this, preferLocal: false);
    }

    private async Task ReadAsync()
    {
        var frames = new FrameBuffer(TcpTransport.LongestPacketBytes);
        try
        {
            while (true)
            {
                if (!frames.IsPartial)
                {
                    // Reading nothing completes when there is something: an idle connection holds no buffer.
                    frames.Trim();
                    await _socket!.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
                }

                var bytes = await _socket!.ReceiveAsync(frames.GetSpace(), SocketFlags.None).ConfigureAwait(false);
                frames.Advance(bytes);
                if (bytes == 0 || !TakeFrames(ref frames))
                {
                    break;
                }
            }
        }
        catch (Exception error) when (IsOfConnection(error))
        {
            // The other side is gone, or this one was closed.
        }
        finally
        {
            OnReadEnded(frames.IsPartial);
            frames.Dispose();
            Close();
            _table.LoopEnded();
        }
    }

    /// <summary>Delivers what is complete; false if the stream cannot be read any further.</summary>
    private bool TakeFrames(ref FrameBuffer frames)
    {
        var any = false;
        while (!Volatile.Read(ref _closed) && frames.TryTake(out var packet))
        {
            any = true;
            _table.Counters.Deliver(_table.Receiver, Link, packet);
        }

        lock (_table.Gate)
        {
            LastActivity = _table.Now;
            if (!frames.IsPartial)
            {
                _readStarted = Never;
            }
            else if (any || _readStarted == Never)
            {
                _readStarted = LastActivity;
                _table.Arm(Deadline);
            }
        }

        return !frames.IsBroken;
    }

    private void OnReadEnded(bool partial)
    {
        // A frame cut off in the middle, or a length that no frame has.
        if (partial)
        {
            Interlocked.Increment(ref _table.Counters.ReceivesRefused);
        }
    }
}
