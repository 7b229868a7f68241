using System.Net;
using System.Net.Sockets;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class TransportPairTests
{
    [Fact]
    public async Task Both_transports_get_one_port()
    {
        for (var i = 0; i < 20; i++)
        {
            var (datagrams, streams) = TransportPair.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            await using var first = datagrams;
            await using var second = streams;
            Assert.Equal(datagrams.LocalAddress, streams.LocalAddress);
            Assert.NotEqual(0, datagrams.LocalAddress.Port);
        }
    }

    [Theory]
    [InlineData(SocketType.Dgram, "UDP")]
    [InlineData(SocketType.Stream, "TCP")]
    public async Task A_taken_port_is_an_error_that_names_it_and_leaves_nothing_open(SocketType type, string protocol)
    {
        var protocolType = type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp;
        using var holder = new Socket(AddressFamily.InterNetwork, type, protocolType);
        holder.Bind(await FreeAsync());
        if (type == SocketType.Stream)
        {
            holder.Listen();
        }

        var wanted = (IPEndPoint)holder.LocalEndPoint!;

        var error = Assert.Throws<IOException>(() => TransportPair.Bind(wanted));

        Assert.Contains($"{protocol} {wanted}", error.Message, StringComparison.Ordinal);
        holder.Dispose();
        var (datagrams, streams) = TransportPair.Bind(wanted);
        await datagrams.DisposeAsync();
        await streams.DisposeAsync();
    }

    [Fact]
    public async Task In_memory_too_both_transports_get_one_address()
    {
        var network = new MemoryNetwork();
        var (datagrams, streams) = TransportPair.Bind(network, NodeAddress.FromIPv4(0x7F00_0001, 0));
        Assert.Equal(datagrams.LocalAddress, streams.LocalAddress);
        await datagrams.DisposeAsync();

        // The address is still taken for streams, and the failure leaves none of the two behind.
        var local = streams.LocalAddress;
        var error = Assert.Throws<IOException>(() => TransportPair.Bind(network, local));
        Assert.Contains(local.ToString(), error.Message, StringComparison.Ordinal);
        await streams.DisposeAsync();
        Assert.Equal(local, TransportPair.Bind(network, local).Streams.LocalAddress);
    }

    [Fact]
    public void An_address_of_another_machine_is_an_error_that_says_so()
    {
        // TEST-NET-1 of RFC 5737 belongs to nobody.
        var error = Assert.Throws<IOException>(
            () => TransportPair.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)));

        Assert.Contains("192.0.2.1", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A port that is free for both, and none of those that the system gives to whoever asks for any: another test
    /// would get it for its TCP while this one holds it for UDP.
    /// </summary>
    private static async Task<IPEndPoint> FreeAsync()
    {
        while (true)
        {
            try
            {
                var place = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
                var (datagrams, streams) = TransportPair.Bind(place);
                await datagrams.DisposeAsync();
                await streams.DisposeAsync();
                return place;
            }
            catch (IOException)
            {
                // Taken: another one.
            }
        }
    }
}
