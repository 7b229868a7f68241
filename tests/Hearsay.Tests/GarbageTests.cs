using System.Net.Sockets;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests;

[Collection(nameof(RunsAlone))]
public sealed class GarbageTests
{
    [Fact]
    public async Task Twenty_thousand_datagrams_of_garbage_change_nothing_and_are_counted()
    {
        await using var nodes = await new LiveNodes().StartManyAsync(3);
        await nodes.ViewsHoldAsync(2);
        var node = nodes.First;
        var target = node.LocalAddress.ToIPEndPoint();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var random = new Random(4711);
        var buffer = new byte[1_400];
        var before = node.Datagrams.Counters.PacketsReceived + node.Datagrams.Counters.ReceivesRefused;
        for (var i = 0; i < 20_000; i++)
        {
            var length = random.Next(buffer.Length);
            random.NextBytes(buffer.AsSpan(0, length));
            if (i % 2 == 0 && length > Envelope.SizeBytes)
            {
                // The right envelope around random frames, so that it gets past the door.
                Envelope.Seal(
                    buffer.AsSpan(0, length), Envelope.LabelOf("default"), new NodeId((ulong)i, 1));
                buffer[Envelope.SizeBytes] = (byte)random.Next(3);
                buffer[Envelope.SizeBytes + 1] = (byte)random.Next(12);
            }

            await socket.SendToAsync(buffer.AsMemory(0, length), target);
            if (i % 64 == 0)
            {
                var sent = i - 256;
                await Eventually.TrueAsync(() => Arrived() >= sent * 0.9, "the node keeps up");
            }
        }

        await Eventually.TrueAsync(() => Arrived() > 18_000, "they arrived");
        await nodes.ViewsHoldAsync(2);
        Assert.All(nodes.All, each => Assert.Equal(2, each.ViewCount));
        Assert.True(Enum.GetValues<DropReason>().Sum(node.Counters.Dropped) > 15_000, "they are counted");
        Assert.True(node.TryGetPeer(out _));
        var cycles = node.Counters.ExchangesCompleted;
        await Eventually.TrueAsync(() => node.Counters.ExchangesCompleted > cycles + 2, "it goes on");

        long Arrived() => node.Datagrams.Counters.PacketsReceived + node.Datagrams.Counters.ReceivesRefused - before;
    }

    [Fact]
    public async Task Garbage_over_TCP_closes_the_connection_and_nothing_else()
    {
        await using var nodes = await new LiveNodes().StartManyAsync(2);
        await nodes.ViewsHoldAsync(1);
        var random = new Random(4712);
        for (var i = 0; i < 100; i++)
        {
            var bytes = new byte[random.Next(1, 4_000)];
            random.NextBytes(bytes);
            await RawSockets.SendStreamAsync(nodes.First.LocalAddress, bytes);
        }

        var cycles = nodes.First.Counters.ExchangesCompleted;
        await Eventually.TrueAsync(() => nodes.First.Counters.ExchangesCompleted > cycles + 2, "it goes on");
        Assert.Equal(1, nodes.First.ViewCount);
    }
}
