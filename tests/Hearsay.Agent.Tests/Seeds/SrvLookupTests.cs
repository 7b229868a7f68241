using System.Net;
using System.Net.Sockets;
using Hearsay.Agent.Seeds;

namespace Hearsay.Agent.Tests.Seeds;

public sealed class SrvLookupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silent_server_is_left_for_the_next_one()
    {
        using var silent = Server();
        using var server = Server();
        var answering = AnswerAsync(server);
        var seeds = await SrvLookup.SeedsAsync(
            "_h.x", [(IPEndPoint)silent.LocalEndPoint!, (IPEndPoint)server.LocalEndPoint!], Cancellation);
        Assert.Equal(["a.example:7946"], seeds);
        await answering;
    }

    [Fact]
    public async Task Without_a_server_and_without_a_name_it_says_so()
    {
        var none = await Assert.ThrowsAsync<IOException>(() => SrvLookup.SeedsAsync("_h.x", [], Cancellation));
        Assert.Contains("no name server", none.Message);
        var wrong = await Assert.ThrowsAsync<IOException>(() => SrvLookup.SeedsAsync(
            "a..b", [new IPEndPoint(IPAddress.Loopback, 9)], Cancellation));
        Assert.Contains("is no name", wrong.Message);
    }

    private static Socket Server()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task AnswerAsync(Socket server)
    {
        var buffer = new byte[512];
        var asked = await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), Cancellation);
        var number = (ushort)((buffer[0] << 8) | buffer[1]);
        await server.SendToAsync(
            SrvMessageTests.Answer(number, 0, (1, 7946, "a.example")), asked.RemoteEndPoint, Cancellation);
    }
}
