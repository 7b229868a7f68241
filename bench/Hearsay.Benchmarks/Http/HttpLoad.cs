using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hearsay.Benchmarks.Http;

/// <summary>Connections that each ask again as soon as they are answered, on sockets of their own.</summary>
internal static class HttpLoad
{
    private static readonly byte[] s_endOfHeaders = "\r\n\r\n"u8.ToArray();

    /// <summary>Asks for some time.</summary>
    /// <returns>Answers a second, and the latencies in microseconds, sorted.</returns>
    public static async Task<(double PerSecond, double[] Latencies)> RunAsync(
        int port, string path, int connections, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, connections)
            .Select(_ => Task.Run(() => AskAsync(port, path, start, time))));
        var latencies = all.SelectMany(static one => one).Order().ToArray();
        return (latencies.Length / Stopwatch.GetElapsedTime(start).TotalSeconds, latencies);
    }

    /// <summary>
    /// Asks at a steady rate. A latency counts from when the question was due if the connection still waited for the
    /// answer before, and from when it was sent if only this process came late.
    /// </summary>
    /// <returns>Answers a second, and the latencies in microseconds, sorted.</returns>
    public static async Task<(double PerSecond, double[] Latencies)> RunAtAsync(
        int port, string path, int connections, double perSecond, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(place => Task.Run(() => AskAtAsync(
            port, path, start, time, TimeSpan.FromSeconds((place + 1) / perSecond),
            TimeSpan.FromSeconds(connections / perSecond)))));
        var latencies = all.SelectMany(static one => one).Order().ToArray();
        return (latencies.Length / Stopwatch.GetElapsedTime(start).TotalSeconds, latencies);
    }

    private static async Task<List<double>> AskAtAsync(
        int port, string path, long start, TimeSpan time, TimeSpan first, TimeSpan pause)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
        var (buffer, latencies, free) = (new byte[4096], new List<double>(1 << 14), TimeSpan.Zero);
        for (var due = first; due < time; due += pause)
        {
            if (due - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left);
            }

            var sent = free > due ? due : Stopwatch.GetElapsedTime(start);
            await socket.SendAsync(request);
            await ReadAsync(socket, buffer);
            free = Stopwatch.GetElapsedTime(start);
            latencies.Add((free - sent).TotalMicroseconds);
        }

        return latencies;
    }

    private static async Task<List<double>> AskAsync(int port, string path, long start, TimeSpan time)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
        var (buffer, latencies) = (new byte[4096], new List<double>(1 << 16));
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            await ReadAsync(socket, buffer);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
        }

        return latencies;
    }

    private static async Task ReadAsync(Socket socket, byte[] buffer)
    {
        var (length, wanted) = (0, int.MaxValue);
        while (length < wanted)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            length += read > 0 ? read : throw new IOException("The server has closed the connection.");
            if (wanted == int.MaxValue && buffer.AsSpan(0, length).IndexOf(s_endOfHeaders) is >= 0 and var end)
            {
                wanted = end + s_endOfHeaders.Length + ContentLength(buffer.AsSpan(0, end));
            }
        }
    }

    private static int ContentLength(ReadOnlySpan<byte> headers)
    {
        if (!headers.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(headers));
        }

        var value = headers[(headers.IndexOf("Content-Length: "u8) + "Content-Length: ".Length)..];
        var end = value.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? value : value[..end]);
    }
}
