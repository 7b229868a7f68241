using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Hearsay.Protocols;
using Hearsay.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Transport;

public sealed class TcpTransportTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Both_sides_use_one_connection_and_it_is_used_again()
    {
        await using var asker = Start(out var answers);
        await using var answerer = Start(out var questions);
        questions.Answer = (from, packet) => answerer.TrySend(from, packet);
        var numbers = new List<int>();
        for (byte i = 0; i < 10; i++)
        {
            Assert.True(asker.TrySend(To(answerer), [i]));
            var (from, packet) = await answers.NextAsync();
            Assert.Equal([i], packet);
            Assert.Equal(answerer.LocalAddress, from.Address);
            numbers.Add(from.Connection);
        }

        Assert.Single(numbers.Distinct());
        Assert.NotEqual(0, numbers[0]);
        Assert.Equal((0, 1), asker.Connections);
        Assert.Equal((1, 0), answerer.Connections);
    }

    [Fact]
    public async Task Packets_sent_in_a_row_arrive_in_order()
    {
        await using var sender = Start(out _);
        await using var receiver = Start(out var log);
        for (byte i = 0; i < 16; i++)
        {
            Assert.True(sender.TrySend(To(receiver), Enumerable.Repeat(i, TcpTransport.LongestPacketBytes).ToArray()));
        }

        for (byte i = 0; i < 16; i++)
        {
            var (_, packet) = await log.NextAsync();
            Assert.Equal(TcpTransport.LongestPacketBytes, packet.Length);
            Assert.Equal((i, i), (packet[0], packet[^1]));
        }
    }

    [Fact]
    public async Task Threads_that_send_at_once_on_one_connection_do_not_mix_up_their_frames()
    {
        const int Threads = 4;
        const int Each = 300;
        await using var sender = Start(out _);
        await using var receiver = Start(out var log);
        var to = To(receiver);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                // Small ones empty the queue again and again: that is when the writer stops and starts.
                var packet = Enumerable.Repeat((byte)thread, LengthOf(i)).ToArray();
                await Eventually.TrueAsync(() => sender.TrySend(to, packet), "the queue has room");
            }
        })));

        await Eventually.TrueAsync(() => log.Count == Threads * Each, "all arrive");
        Assert.Equal(1, receiver.Connections.Inbound);
        for (byte thread = 0; thread < Threads; thread++)
        {
            var packets = log.Packets.Select(packet => packet.Packet).Where(packet => packet[0] == thread);
            Assert.Equal(Enumerable.Range(0, Each).Select(LengthOf), packets.Select(packet => packet.Length));
        }

        Assert.All(log.Packets, packet => Assert.False(packet.Packet.AsSpan().ContainsAnyExcept(packet.Packet[0])));

        static int LengthOf(int i) => i % 10 == 0 ? TcpTransport.LongestPacketBytes : 1 + (i * 37 % 3_000);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 9, 1, 2, 3 })]
    public async Task A_frame_that_is_not_complete_in_time_closes_its_connection(byte[] beginning)
    {
        await using var transport = Start(out var log);
        using var slow = await RawSockets.ConnectAsync(transport.LocalAddress);
        await slow.SendAsync(beginning);
        await Eventually.TrueAsync(() => transport.Connections.Inbound == 1, "it is accepted");

        // The clock moves only here, so nothing depends on how fast the machine is.
        await AdvanceUntilAsync(TcpTransportOptions.Default.FrameTimeout, () => transport.Connections.Inbound == 0);

        await RawSockets.ClosedAsync(slow);
        Assert.Equal(1, transport.Counters.ConnectionsRefused);
        Assert.Equal(0, log.Count);
    }

    [Fact]
    public async Task Bytes_that_trickle_in_do_not_extend_the_time_of_a_frame()
    {
        await using var transport = Start(out var log);
        using var slow = await RawSockets.ConnectAsync(transport.LocalAddress);
        await slow.SendAsync(new byte[] { 0, 0, 0, 1, 42, 0, 0, 1, 0 });
        var number = (await log.NextAsync()).From.Connection;
        var connection = transport.FindConnection(number)!;
        var read = connection.LastActivity;
        for (var seconds = 1; seconds < TcpTransportOptions.Default.FrameTimeout.TotalSeconds; seconds++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await slow.SendAsync(new byte[] { 1 });
            read += TimeSpan.TicksPerSecond;
            await Eventually.TrueAsync(() => connection.LastActivity == read, "the byte is read");
        }

        Assert.Equal(1, transport.Connections.Inbound);
        _time.Advance(TimeSpan.FromSeconds(1));
        await RawSockets.ClosedAsync(slow);
        Assert.Equal(1, transport.Counters.ConnectionsRefused);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_by_the_side_that_opened_it_and_opened_again_when_needed()
    {
        await using var opener = Start(out _);
        await using var acceptor = Start(out var log);
        Assert.True(opener.TrySend(To(acceptor), [1]));
        var first = await log.NextAsync();
        await Eventually.TrueAsync(() => opener.Counters.PacketsSent == 1, "the write is over");

        await AdvanceUntilAsync(
            TcpTransportOptions.Default.OutboundIdleTimeout,
            () => opener.Connections == (0, 0) && acceptor.Connections == (0, 0));
        Assert.Equal(0, opener.Counters.ConnectionsRefused + acceptor.Counters.ConnectionsRefused);
        Assert.False(acceptor.TrySend(first.From, [2]));
        Assert.Equal(1, acceptor.Counters.SendsFailed);

        Assert.True(opener.TrySend(To(acceptor), [3]));
        Assert.Equal([3], (await log.NextAsync()).Packet);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(TcpTransport.LongestPacketBytes + 1u)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(uint.MaxValue)]
    public async Task A_length_no_packet_has_closes_the_connection_and_is_counted(uint length)
    {
        await using var transport = Start(out var log);
        using var bomb = await RawSockets.ConnectAsync(transport.LocalAddress);
        var header = new byte[FrameBuffer.HeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);

        await bomb.SendAsync(header);

        await RawSockets.ClosedAsync(bomb);
        await Eventually.TrueAsync(() => transport.Connections.Inbound == 0, "it is forgotten");
        Assert.Equal(1, transport.Counters.ReceivesRefused);
        Assert.Equal(0, log.Count);
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed_at_once_and_counted()
    {
        await using var transport = Start(out _, new TcpTransportOptions { MaximumInbound = 2 });
        using var first = await RawSockets.ConnectAsync(transport.LocalAddress);
        using var second = await RawSockets.ConnectAsync(transport.LocalAddress);
        await Eventually.TrueAsync(() => transport.Connections.Inbound == 2, "two are accepted");

        using var third = await RawSockets.ConnectAsync(transport.LocalAddress);
        await RawSockets.ClosedAsync(third);

        Assert.Equal(1, transport.Counters.ConnectionsRefused);
        Assert.Equal(2, transport.Connections.Inbound);

        first.Dispose();
        await Eventually.TrueAsync(() => transport.Connections.Inbound == 1, "a place is free");
        using var fourth = await RawSockets.ConnectAsync(transport.LocalAddress);
        await Eventually.TrueAsync(() => transport.Connections.Inbound == 2, "and taken");
    }

    [Fact]
    public async Task The_longest_idle_connection_makes_room_for_a_new_one()
    {
        await using var sender = Start(out _, new TcpTransportOptions { MaximumOutbound = 2 });
        var receivers = new List<(TcpTransport Transport, PacketLog Log)>();
        for (var i = 0; i < 3; i++)
        {
            receivers.Add((Start(out var log), log));
            Assert.True(sender.TrySend(To(receivers[i].Transport), [1]));
            await log.NextAsync();
            var sent = i + 1;
            await Eventually.TrueAsync(() => sender.Counters.PacketsSent == sent, "the write is over");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((0, 2), sender.Connections);
        Assert.Equal(1, sender.Counters.ConnectionsRefused);
        await Eventually.TrueAsync(() => receivers[0].Transport.Connections.Inbound == 0, "the oldest was closed");
        Assert.Equal(1, receivers[1].Transport.Connections.Inbound);
        foreach (var (transport, _) in receivers)
        {
            await transport.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_peer_that_does_not_read_fills_its_queue_and_is_closed()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(s_anyPort);
        listener.Listen();
        await using var sender = Start(out _);
        var deaf = new Link(NodeAddress.From((IPEndPoint)listener.LocalEndPoint!), LinkKind.Stream);
        var packet = new byte[TcpTransport.LongestPacketBytes];
        var accepted = 0;

        await Eventually.TrueAsync(() => !CountSend(), "the queue is full");
        Assert.Equal(1, sender.Counters.SendsFailed);

        await AdvanceUntilAsync(
            TcpTransportOptions.Default.FrameTimeout, () => sender.Connections.Outbound == 0, advanceFirst: false);
        await Eventually.TrueAsync(
            () => sender.Counters.PacketsSent + sender.Counters.SendsFailed == accepted + 1,
            "every packet is accounted for");
        Assert.Equal(1, sender.Counters.ConnectionsRefused);

        bool CountSend()
        {
            var queued = sender.TrySend(deaf, packet);
            accepted += queued ? 1 : 0;
            return queued;
        }
    }

    [Fact]
    public async Task A_connection_that_cannot_be_opened_counts_its_packets_as_failed()
    {
        await using var sender = Start(out _);
        Assert.True(sender.TrySend(new Link(NodeAddress.FromIPv4(0x7F00_0001, 1), LinkKind.Stream), [1]));

        await Eventually.TrueAsync(() => sender.Counters.SendsFailed == 1, "the refusal is noticed");
        await Eventually.TrueAsync(() => sender.Connections == (0, 0), "and the connection forgotten");
    }

    private static Link To(TcpTransport target) => new(target.LocalAddress, LinkKind.Stream);

    private TcpTransport Start(out PacketLog log, TcpTransportOptions? options = null)
    {
        var transport = new TcpTransport(s_anyPort, _time, options);
        log = new PacketLog();
        transport.Start(log);
        return transport;
    }

    /// <summary>Moves the clock by a little less than the time-out, sees nothing happen, then moves it past.</summary>
    private async Task AdvanceUntilAsync(TimeSpan timeout, Func<bool> closed, bool advanceFirst = true)
    {
        if (advanceFirst)
        {
            _time.Advance(timeout - TimeSpan.FromMilliseconds(100));
            Assert.False(closed());
        }

        // Repeated, because a frame's time starts when the transport has read it, which may be after the first step.
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return closed();
            },
            "the time-out");
    }
}
