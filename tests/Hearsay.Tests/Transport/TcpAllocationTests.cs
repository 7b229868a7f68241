using System.Buffers.Binary;
using System.Net;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

[Collection(nameof(RunsAlone))]
public sealed class TcpAllocationTests
{
    [Fact]
    public async Task A_claimed_length_allocates_nothing()
    {
        await using var transport = new TcpTransport(new IPEndPoint(IPAddress.Loopback, 0));
        transport.Start(new PacketLog());
        var header = new byte[FrameBuffer.HeaderBytes + 1];
        await ClaimAsync(transport, header, connections: 4);
        BinaryPrimitives.WriteInt32BigEndian(header, TcpTransport.LongestPacketBytes);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ClaimAsync(transport, header, connections: 20);
        var perConnection = (GC.GetTotalAllocatedBytes(precise: true) - before) / 20;

        // The sockets of both sides and the first 4 KiB, not the 64 KiB that were promised.
        Assert.True(perConnection < 20_000, $"{perConnection} bytes per connection");
    }

    [Fact]
    public async Task A_listener_without_connections_is_small()
    {
        const int Listeners = 200;
        var log = new PacketLog();
        var transports = new List<TcpTransport>();
        await AddAsync(20);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await AddAsync(Listeners);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Listeners;
        foreach (var transport in transports)
        {
            await transport.DisposeAsync();
        }

        Assert.True(each < 4096, $"{each} bytes per listener");

        async Task AddAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var transport = new TcpTransport(new IPEndPoint(IPAddress.Loopback, 0));
                transport.Start(log);
                transports.Add(transport);
            }

            await Task.Yield();
        }
    }

    private static async Task ClaimAsync(TcpTransport transport, byte[] header, int connections)
    {
        var refused = transport.Counters.ReceivesRefused;
        for (var i = 0; i < connections; i++)
        {
            using var socket = await RawSockets.ConnectAsync(transport.LocalAddress);
            await socket.SendAsync(header);
        }

        await Eventually.TrueAsync(
            () => transport.Counters.ReceivesRefused == refused + connections, "each is cut off in the middle");
    }
}
