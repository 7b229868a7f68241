using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MessagePack;

namespace Hearsay.Benchmarks.Live;

/// <summary>One agent's RPC port: MessagePack maps, a header and a body for each request and most answers.</summary>
internal sealed class SerfConnection : IDisposable
{
    private const int StreamSequence = 1;
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly Action<int> _received;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<int>> _waiting = new();
    private readonly ConcurrentDictionary<int, string> _commands = new();
    private int _sequence = StreamSequence;

    private SerfConnection(TcpClient client, Action<int> received) =>
        (_client, _stream, _received) = (client, client.GetStream(), received);

    /// <summary>Connects and asks for all user events from now on.</summary>
    public static async Task<SerfConnection> OpenAsync(int port, Action<int> received)
    {
        var client = new TcpClient { NoDelay = true };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                break;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(100);
            }
        }

        var connection = new SerfConnection(client, received);
        _ = connection.ReadAsync();
        await connection.CallAsync("handshake", 0, ("Version", 1));
        await connection.CallAsync("stream", StreamSequence, ("Type", "user"));
        return connection;
    }

    public Task PublishAsync(string name, byte[] payload) =>
        CallAsync("event", Interlocked.Increment(ref _sequence), ("Name", name), ("Payload", payload),
            ("Coalesce", false));

    /// <summary>How many members this agent knows to be alive.</summary>
    public Task<int> CountMembersAsync() =>
        CallAsync("members-filtered", Interlocked.Increment(ref _sequence), ("Status", "alive"));

    public void Dispose()
    {
        _client.Dispose();
        _turn.Dispose();
    }

    private async Task<int> CallAsync(string command, int sequence, params (string Key, object Value)[] body)
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        (_commands[sequence], _waiting[sequence]) = (command, answer);
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, [("Command", command), ("Seq", sequence)]);
        Write(buffer, body);
        await _turn.WaitAsync();
        try
        {
            await _stream.WriteAsync(buffer.WrittenMemory);
        }
        finally
        {
            _turn.Release();
        }

        return await answer.Task;
    }

    private static void Write(ArrayBufferWriter<byte> buffer, (string Key, object Value)[] map)
    {
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(map.Length);
        foreach (var (key, value) in map)
        {
            writer.Write(key);
            switch (value)
            {
                case int number: writer.Write(number); break;
                case bool flag: writer.Write(flag); break;
                case byte[] bytes: writer.WriteString(bytes); break;
                default: writer.Write((string)value); break;
            }
        }

        writer.Flush();
    }

    private async Task ReadAsync()
    {
        using var reader = new MessagePackStreamReader(_stream);
        try
        {
            while (await reader.ReadAsync(default) is { } header)
            {
                var (sequence, error) = ReadHeader(header);
                var command = _commands.GetValueOrDefault(sequence, "");
                var streaming = sequence == StreamSequence && !_waiting.ContainsKey(sequence);
                var number = 0;
                if (streaming || (command == "members-filtered" && error.Length == 0))
                {
                    var body = await reader.ReadAsync(default) ?? throw new EndOfStreamException();
                    number = streaming ? ReadEvent(body) : CountMembers(body);
                }

                if (streaming)
                {
                    _received(number);
                }
                else if (_waiting.TryRemove(sequence, out var answer))
                {
                    _ = error.Length > 0
                        ? answer.TrySetException(new IOException(error)) : answer.TrySetResult(number);
                }
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The campaign is over.
        }
    }

    private static (int Sequence, string Error) ReadHeader(ReadOnlySequence<byte> message)
    {
        var reader = new MessagePackReader(message);
        var (sequence, error) = (0, "");
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case "Seq": sequence = reader.ReadInt32(); break;
                case "Error": error = reader.ReadString() ?? ""; break;
                default: reader.Skip(); break;
            }
        }

        return (sequence, error);
    }

    private static int ReadEvent(ReadOnlySequence<byte> message)
    {
        var reader = new MessagePackReader(message);
        var number = -1;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (reader.ReadString() == "Name")
            {
                number = int.Parse(reader.ReadString()!.AsSpan(1), CultureInfo.InvariantCulture);
            }
            else
            {
                reader.Skip();
            }
        }

        return number;
    }

    private static int CountMembers(ReadOnlySequence<byte> message)
    {
        var reader = new MessagePackReader(message);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (reader.ReadString() == "Members")
            {
                return reader.ReadArrayHeader();
            }

            reader.Skip();
        }

        return 0;
    }
}
