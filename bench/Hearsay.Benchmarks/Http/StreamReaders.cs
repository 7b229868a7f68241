using System.Globalization;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hearsay.Benchmarks.Http;

/// <summary>Readers of one event stream, on sockets of their own.</summary>
internal sealed class StreamReaders : IDisposable
{
    private static readonly byte[] s_message = "event: message\n"u8.ToArray();
    private static readonly byte[] s_lagged = "event: lagged\n"u8.ToArray();
    private static readonly byte[] s_text = "\"text\":\""u8.ToArray();

    private readonly List<Socket> _sockets = [];
    private readonly long[] _messages;
    private readonly long[] _lags;
    private readonly List<double> _delays = [];

    private StreamReaders(int count) => (_messages, _lags) = (new long[count], new long[count]);

    /// <summary>The messages that each has read.</summary>
    public IReadOnlyList<long> Messages => _messages;

    /// <summary>How often each was told that it missed some.</summary>
    public IReadOnlyList<long> Lags => _lags;

    /// <summary>How long messages took from publishing to the first reader, in milliseconds, sorted.</summary>
    public double[] Delays
    {
        get
        {
            lock (_delays)
            {
                return [.. _delays.Order()];
            }
        }
    }

    /// <summary>Opens streams, and reads them; or reads their beginning and then nothing more.</summary>
    public static async Task<StreamReaders> OpenAsync(int port, string path, int count, bool reads)
    {
        var readers = new StreamReaders(count);
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            if (!reads)
            {
                socket.ReceiveBufferSize = 4096;
            }

            readers._sockets.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            await ReadBeginningAsync(socket);
            if (reads)
            {
                var place = i;
                _ = Task.Run(() => readers.ReadAsync(socket, place));
            }
        }

        return readers;
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void Clear()
    {
        Array.Clear(_messages);
        Array.Clear(_lags);
        lock (_delays)
        {
            _delays.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    /// <summary>Up to the first event, so that the stream is known to have begun.</summary>
    private static async Task ReadBeginningAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith("retry: 1000\n\n", StringComparison.Ordinal))
        {
            text.Append(await socket.ReceiveAsync(buffer) == 1
                ? (char)buffer[0] : throw new IOException($"The stream ended: {text}"));
        }
    }

    private async Task ReadAsync(Socket socket, int place)
    {
        var (buffer, kept) = (new byte[32 << 10], 0);
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(kept)) is > 0 and var read)
            {
                kept = Take(buffer, kept + read, place);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Counts whole events; what follows the last of them is kept.</summary>
    private int Take(byte[] buffer, int length, int place)
    {
        var end = buffer.AsSpan(0, length).LastIndexOf("\n\n"u8) + 2;
        if (end < 2)
        {
            return length < buffer.Length ? length : throw new InvalidOperationException("An event is too long.");
        }

        var whole = buffer.AsSpan(0, end);
        _messages[place] += whole.Count(s_message);
        CountLags(whole, place);
        if (place == 0)
        {
            TakeDelays(whole);
        }

        buffer.AsSpan(end, length - end).CopyTo(buffer);
        return length - end;
    }

    /// <summary>An event of the stream's own has no id; one with an id tells what the node itself missed.</summary>
    private void CountLags(ReadOnlySpan<byte> events, int place)
    {
        for (var at = 0; events[at..].IndexOf(s_lagged) is >= 0 and var next; at += next + s_lagged.Length)
        {
            var start = at + next;
            _lags[place] += start < 2 || events[start - 2] == (byte)'\n' ? 1 : 0;
        }
    }

    private void TakeDelays(ReadOnlySpan<byte> events)
    {
        while (events.IndexOf(s_text) is >= 0 and var at)
        {
            events = events[(at + s_text.Length)..];
            if (long.TryParse(events[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var published))
            {
                lock (_delays)
                {
                    _delays.Add(Stopwatch.GetElapsedTime(published).TotalMilliseconds);
                }
            }
        }
    }
}
