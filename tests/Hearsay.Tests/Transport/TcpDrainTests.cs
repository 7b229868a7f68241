using System.Net;
using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

/// <summary>The end of a transport in good order.</summary>
public sealed class TcpDrainTests
{
    [Fact]
    public async Task What_waits_arrives_before_the_transport_closes()
    {
        const int Packets = 30;
        await using var receiver = Start(out var log);
        // A reader that is busy: most of it waits in the sender's queue and in the buffers of the two sockets.
        log.Answer = static (_, _) => Thread.Sleep(5);
        await using (var sender = Start(out _))
        {
            for (var i = 0; i < Packets; i++)
            {
                Assert.True(sender.TrySend(To(receiver), new byte[TcpTransport.LongestPacketBytes]));
            }

            await sender.DrainAsync(Eventually.Deadline);
            Assert.Equal(Packets, log.Count);
            Assert.Equal((0, 0), sender.Connections);
            Assert.False(sender.TrySend(To(receiver), [1]));
        }

        Assert.Equal(Packets, log.Count);
    }

    [Fact]
    public async Task Answers_on_a_connection_that_was_accepted_arrive_too()
    {
        await using var asker = Start(out var answers);
        await using var answerer = Start(out var questions);
        var taken = 0;
        questions.Answer = (from, _) =>
        {
            for (var i = 0; i < 20; i++)
            {
                var isTaken = answerer.TrySend(from, new byte[TcpTransport.LongestPacketBytes]);
                Interlocked.Add(ref taken, isTaken ? 1 : 0);
            }
        };
        answers.Answer = static (_, _) => Thread.Sleep(5);
        Assert.True(asker.TrySend(To(answerer), [1]));
        await Eventually.TrueAsync(
            () => Volatile.Read(ref taken) == 20 && answers.Count > 0, "the question was answered");
        await answerer.DrainAsync(Eventually.Deadline);
        Assert.Equal(20, answers.Count);
    }

    [Fact]
    public async Task Who_does_not_read_is_given_up()
    {
        using var deaf = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var sender = Start(out _);
        var to = new Link(NodeAddress.From((IPEndPoint)deaf.LocalEndpoint), LinkKind.Stream);
        while (sender.TrySend(to, new byte[TcpTransport.LongestPacketBytes]))
        {
        }

        await sender.DrainAsync(TimeSpan.FromMilliseconds(50));
        Assert.Equal((0, 1), sender.Connections);
    }

    [Fact]
    public async Task With_nothing_open_there_is_nothing_to_wait_for()
    {
        await using var transport = Start(out _);
        Assert.True(transport.DrainAsync(Eventually.Deadline).IsCompleted);
    }

    private static Link To(TcpTransport target) => new(target.LocalAddress, LinkKind.Stream);

    private static TcpTransport Start(out PacketLog log)
    {
        var transport = new TcpTransport(new IPEndPoint(IPAddress.Loopback, 0));
        log = new PacketLog();
        transport.Start(log);
        return transport;
    }
}
