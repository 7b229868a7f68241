using System.Collections.Concurrent;
using System.Net;
using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

/// <summary>
/// What every transport does. A transport has one subclass of a few lines for every way to set it up.
/// </summary>
public abstract class TransportConformance : IAsyncLifetime
{
    private readonly List<ITransport> _open = [];

    private protected abstract ITransport Create(ushort port = 0);

    /// <summary>An address of the right family where nobody is.</summary>
    private protected abstract NodeAddress DeadAddress { get; }

    /// <summary>An address the transport cannot send to.</summary>
    private protected virtual NodeAddress UnreachableAddress => NodeAddress.None;

    /// <summary>Sends bytes past the transport's own framing.</summary>
    private protected abstract Task SendRawAsync(NodeAddress to, byte[] bytes);

    /// <summary>Skips with a reason, or sets up.</summary>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _open)
        {
            await transport.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_packet_arrives_whole_with_the_right_source()
    {
        var (sender, _) = Start();
        var (receiver, log) = Start();
        var packet = Bytes(600, seed: 1);

        Assert.True(sender.TrySend(To(receiver), packet));

        var (from, arrived) = await log.NextAsync();
        Assert.Equal(packet, arrived);
        Assert.Equal(sender.Kind, from.Kind);
        Assert.Equal(Reachable(sender).WithPort(1), from.Address.WithPort(1));
        if (sender.Kind == LinkKind.Datagram)
        {
            Assert.Equal(Reachable(sender), from.Address);
        }
    }

    [Fact]
    public async Task An_answer_to_a_received_link_reaches_the_sender()
    {
        var (asker, answers) = Start();
        var (answerer, questions) = Start();
        questions.Answer = (from, packet) => answerer.TrySend(from, [.. packet, 99]);

        Assert.True(asker.TrySend(To(answerer), [1, 2, 3]));

        var (source, answer) = await answers.NextAsync();
        Assert.Equal([1, 2, 3, 99], answer);
        Assert.Equal(Reachable(answerer), source.Address);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_shortest_and_the_longest_packet_arrive(bool longest)
    {
        var (sender, _) = Start();
        var (receiver, log) = Start();
        var packet = Bytes(longest ? sender.MaximumPacketBytes : 1, seed: 2);

        Assert.True(sender.TrySend(To(receiver), packet));

        Assert.Equal(packet, (await log.NextAsync()).Packet);
    }

    [Fact]
    public void An_empty_or_too_long_packet_is_refused_and_counted()
    {
        var (sender, _) = Start();
        var to = To(sender);

        Assert.False(sender.TrySend(to, []));
        Assert.False(sender.TrySend(to, new byte[sender.MaximumPacketBytes + 1]));

        Assert.Equal(2, sender.Counters.SendsRefused);
        Assert.Equal(0, sender.Counters.PacketsSent);
    }

    [Fact]
    public void An_unreachable_address_is_refused_and_counted()
    {
        var (sender, _) = Start();

        Assert.False(sender.CanReach(UnreachableAddress));
        Assert.False(sender.TrySend(new Link(UnreachableAddress, sender.Kind), [1]));

        Assert.Equal(1, sender.Counters.SendsRefused);
    }

    [Fact]
    public async Task Sending_to_a_dead_address_does_not_stop_receiving()
    {
        var (transport, log) = Start();
        var (other, _) = Start();
        for (var i = 0; i < 50; i++)
        {
            transport.TrySend(new Link(DeadAddress, transport.Kind), [1]);
        }

        Assert.True(other.TrySend(To(transport), [7]));

        Assert.Equal([7], (await log.NextAsync()).Packet);
    }

    [Fact]
    public async Task Many_packets_from_many_senders_arrive_whole_and_the_counters_add_up()
    {
        const int Senders = 8;
        const int Each = 100;
        var (receiver, log) = Start();
        log.Answer = (from, packet) => receiver.TrySend(from, packet);
        var senders = Enumerable.Range(0, Senders).Select(_ => Start()).ToArray();

        await Task.WhenAll(senders.Select((sender, index) => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                // One outstanding each: not even a datagram gets lost that way.
                var packet = Bytes(200 + i, seed: (index * Each) + i);
                Assert.True(sender.Transport.TrySend(To(receiver), packet));
                Assert.Equal(packet, (await sender.Log.NextAsync()).Packet);
            }
        })));

        // A sender counts after the system call, so the answer may be there first.
        var bytes = log.Packets.Sum(packet => packet.Packet.Length);
        await Eventually.TrueAsync(() => receiver.Counters.BytesSent == bytes, "the last answer has been counted");
        await Eventually.TrueAsync(
            () => senders.Sum(sender => sender.Transport.Counters.BytesSent) == bytes, "so has the last question");
        Assert.Equal(Senders * Each, log.Count);
        Assert.Equal(Senders * Each, receiver.Counters.PacketsReceived);
        Assert.Equal(Senders * Each, receiver.Counters.PacketsSent);
        Assert.Equal(bytes, receiver.Counters.BytesReceived);
        Assert.Equal(0, receiver.Counters.ReceivesRefused + receiver.Counters.ReceivesFailed);
        Assert.Equal(0, receiver.Counters.SendsRefused + receiver.Counters.SendsFailed);
    }

    [Fact]
    public async Task Garbage_does_not_stop_it()
    {
        var (transport, log) = Start();
        var (other, _) = Start();
        for (var seed = 0; seed < 20; seed++)
        {
            await SendRawAsync(Reachable(transport), Bytes(1 + (seed * 97 % 1500), seed));
        }

        Assert.True(other.TrySend(To(transport), [8, 8]));

        await Eventually.TrueAsync(() => log.Packets.Any(packet => packet.Packet is [8, 8]), "the good packet arrives");
    }

    [Fact]
    public async Task The_context_of_who_starts_or_sends_does_not_reach_the_receiver()
    {
        var context = new AsyncLocal<string?> { Value = "a request of the application" };
        var (transport, log) = Start();
        var (other, answers) = Start();
        var seen = new ConcurrentQueue<string?>();
        log.Answer = (from, packet) =>
        {
            seen.Enqueue(context.Value);
            transport.TrySend(from, packet);
        };
        answers.Answer = (_, _) => seen.Enqueue(context.Value);

        Assert.True(other.TrySend(To(transport), [1]));

        await Eventually.TrueAsync(() => seen.Count == 2, "question and answer arrive");
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public async Task A_receiver_that_throws_is_counted_and_survived()
    {
        var (transport, log) = Start();
        var (other, _) = Start();
        log.Answer = (_, packet) =>
        {
            if (packet is [0])
            {
                throw new InvalidOperationException("A bug in the receiver.");
            }
        };

        Assert.True(other.TrySend(To(transport), [0]));
        await log.NextAsync();
        Assert.True(other.TrySend(To(transport), [1]));

        Assert.Equal([1], (await log.NextAsync()).Packet);
        Assert.Equal(1, transport.Counters.ReceiverFaults);
        Assert.Equal(2, transport.Counters.PacketsReceived);
    }

    [Fact]
    public async Task Disposal_is_idempotent_stops_delivery_and_frees_the_port()
    {
        var (transport, log) = Start();
        var (other, _) = Start();
        Assert.True(other.TrySend(To(transport), [1]));
        await log.NextAsync();

        await transport.DisposeAsync();
        await transport.DisposeAsync();
        other.TrySend(To(transport), [2]);
        Assert.False(transport.TrySend(To(other), [3]));
        Assert.Throws<InvalidOperationException>(() => transport.Start(log));

        var (again, newLog) = Start(transport.LocalAddress.Port);
        Assert.Equal(transport.LocalAddress, again.LocalAddress);
        await Eventually.TrueAsync(
            () =>
            {
                // A stream may notice only now that its connection is gone.
                other.TrySend(To(again), [4]);
                return newLog.Packets.Any(packet => packet.Packet is [4]);
            },
            "the new owner of the port hears");
        Assert.Equal(0, log.Count);
    }

    [Fact]
    public async Task Disposal_in_the_middle_of_traffic_is_quiet()
    {
        var (transport, log) = Start();
        var (other, _) = Start();
        using var stop = new CancellationTokenSource();
        var traffic = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                other.TrySend(To(transport), [1]);
                transport.TrySend(To(other), [2]);
            }
        });
        await Eventually.TrueAsync(() => log.Count > 10, "traffic flows");

        await transport.DisposeAsync();
        var count = log.Count;
        await stop.CancelAsync();
        await traffic;

        Assert.Equal(count, log.Count);
    }

    [Fact]
    public void A_taken_port_is_named_in_the_error()
    {
        var (first, _) = Start();

        var error = Assert.Throws<IOException>(() => Create(first.LocalAddress.Port));

        Assert.Contains(first.LocalAddress.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("taken", error.Message, StringComparison.Ordinal);
    }

    private protected (ITransport Transport, PacketLog Log) Start(ushort port = 0)
    {
        var transport = Create(port);
        _open.Add(transport);
        var log = new PacketLog();
        transport.Start(log);
        return (transport, log);
    }

    private protected static Link To(ITransport target) => new(Reachable(target), target.Kind);

    /// <summary>The address under which a transport bound to "any" is reached from here.</summary>
    private protected static NodeAddress Reachable(ITransport target)
    {
        var local = target.LocalAddress.ToIPEndPoint();
        return local.Address.Equals(IPAddress.IPv6Any)
            ? NodeAddress.FromIPv4(0x7F00_0001, target.LocalAddress.Port)
            : target.LocalAddress;
    }

    private protected static byte[] Bytes(int count, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)random.NextUInt64();
        }

        return bytes;
    }
}
