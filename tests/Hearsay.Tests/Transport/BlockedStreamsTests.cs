using System.Diagnostics;
using System.Net;
using Hearsay.Protocols;
using Hearsay.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Hearsay.Tests.Transport;

/// <summary>A firewall that passes UDP and not TCP: the peer looks healthy, and gets nothing that is large.</summary>
public sealed class BlockedStreamsTests
{
    private static readonly NodeAddress s_peer = NodeAddress.From(new IPEndPoint(IPAddress.Loopback, 7946));

    private readonly List<NodeAddress> _told = [];
    private readonly BlockedStreams _blocked;
    private Instant _now = Instant.Zero + TimeSpan.FromHours(1);

    public BlockedStreamsTests() => _blocked = new BlockedStreams(() => _now, _told.Add);

    [Fact]
    public void It_is_told_when_datagrams_go_on_coming_and_streams_go_on_failing()
    {
        FailAndHear(BlockedStreams.LeastTimes - 1);
        Assert.Empty(_told);
        FailAndHear(1);
        Assert.Equal([s_peer], _told);
    }

    [Fact]
    public void It_is_told_once_an_hour()
    {
        FailAndHear(20);
        Assert.Single(_told);
        _now += BlockedStreams.Pause;
        FailAndHear(BlockedStreams.LeastTimes);
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public void A_peer_that_is_silent_is_gone_and_not_blocked()
    {
        for (var i = 0; i < 20; i++)
        {
            Fail();
        }

        _blocked.Heard(s_peer);
        Assert.Empty(_told);
    }

    [Fact]
    public void A_peer_that_starts_again_and_again_is_not_blocked()
    {
        for (var i = 0; i < 20; i++)
        {
            FailAndHear(1);
            _blocked.Opened(s_peer);
        }

        Assert.Empty(_told);
    }

    [Fact]
    public void Failures_that_lie_far_apart_are_not_one_trouble()
    {
        for (var i = 0; i < 20; i++)
        {
            FailAndHear(1);
            _now += BlockedStreams.Forgotten;
        }

        Assert.Empty(_told);
    }

    [Fact]
    public void A_burst_of_failures_is_not_enough()
    {
        for (var i = 0; i < 20; i++)
        {
            _blocked.Failed(s_peer);
            _blocked.Heard(s_peer);
        }

        Assert.Empty(_told);
    }

    [Fact]
    public void Datagrams_of_others_do_not_count()
    {
        for (var i = 0; i < 20; i++)
        {
            Fail();
            _blocked.Heard(NodeAddress.From(new IPEndPoint(IPAddress.Loopback, 7947)));
        }

        Assert.Empty(_told);
    }

    [Fact]
    public async Task The_transport_tells_which_connections_could_be_opened()
    {
        await using var sender = Start();
        var closed = Start();
        var address = closed.LocalAddress;
        await closed.DisposeAsync();
        for (var i = 0; i < 100 && _told.Count == 0; i++)
        {
            // The kernel refuses at once. A datagram that comes before that is reported counts the next time.
            sender.TrySend(new Link(address, LinkKind.Stream), [1]);
            await Eventually.TrueAsync(() => sender.Connections == (0, 0), "the connection has failed");
            _now += BlockedStreams.LeastTime;
            _blocked.Heard(address);
        }

        Assert.Equal([address], _told);
        await using var open = new TcpTransport(new IPEndPoint(IPAddress.Loopback, address.Port));
        var log = new PacketLog();
        open.Start(log);
        sender.TrySend(new Link(address, LinkKind.Stream), [1]);
        await log.NextAsync();
        _now += BlockedStreams.Pause;
        _blocked.Heard(address);
        Assert.Equal([address], _told);
    }

    /// <summary>TCP is tried anew every 30 s, so it takes a minute.</summary>
    [Fact]
    [Campaign]
    public async Task An_operator_reads_it_in_the_log()
    {
        // Two nodes; what is sent to the TCP port of the second one is refused, as by a firewall.
        var log = new FakeLoggerProvider();
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync(nodes.Options with { LoggerFactory = LiveNodes.Logging(log) });
        var second = await nodes.StartAsync();
        await nodes.ViewsHoldAsync(1);
        await second.Streams.DisposeAsync();
        var topic = first.GetTopic("large");
        await topic.WaitForNeighboursAsync(1, TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        while (Said(log) is null && watch.Elapsed < Eventually.Deadline)
        {
            await topic.PublishAsync(new byte[20_000], TestContext.Current.CancellationToken);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Contains(second.LocalAddress.ToString(), Said(log));
    }

    [Fact]
    public async Task What_is_longer_than_a_datagram_arrives_all_the_same()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync();
        var second = await nodes.StartAsync();
        await nodes.ViewsHoldAsync(1);
        await second.Streams.DisposeAsync();
        var topic = first.GetTopic("large");
        await topic.WaitForNeighboursAsync(1, cancellation);
        await using var subscription = second.GetTopic("large").Subscribe();
        int[] lengths = [2000, 20_000, 1_000_000];
        foreach (var length in lengths)
        {
            await topic.PublishAsync(new byte[length], cancellation);
        }

        var got = new List<int>();
        await foreach (var message in subscription.WithCancellation(cancellation))
        {
            got.Add(message.Payload.Length);
            if (got.Count == lengths.Length)
            {
                break;
            }
        }

        Assert.Equal(lengths, got.Order());
        Assert.True(second.Counters.PiecedReceived > 0);
    }

    [Fact]
    public void An_address_counts_as_blocked_until_a_stream_to_it_could_be_opened()
    {
        Assert.False(_blocked.IsBlocked(s_peer, out _));
        _blocked.Failed(s_peer);
        Assert.False(_blocked.IsBlocked(s_peer, out _));
        _blocked.Heard(s_peer);
        Assert.True(_blocked.IsBlocked(s_peer, out _));
        _now += BlockedStreams.Remembered / 2;
        Assert.True(_blocked.IsBlocked(s_peer, out _));
        _blocked.Opened(s_peer);
        Assert.False(_blocked.IsBlocked(s_peer, out _));
    }

    [Fact]
    public void A_stream_to_a_blocked_address_is_tried_again_every_half_minute()
    {
        _blocked.Failed(s_peer);
        _blocked.Heard(s_peer);
        var trials = 0;
        for (var i = 0; i < 300; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            Assert.True(_blocked.IsBlocked(s_peer, out var isTrialDue));
            if (isTrialDue)
            {
                trials++;
                _blocked.Failed(s_peer);
            }
        }

        Assert.Equal(10, trials);
    }

    [Fact]
    public void What_was_blocked_long_ago_is_forgotten()
    {
        _blocked.Failed(s_peer);
        _blocked.Heard(s_peer);
        _now += BlockedStreams.Remembered + TimeSpan.FromSeconds(1);
        Assert.False(_blocked.IsBlocked(s_peer, out _));
    }

    private static string? Said(FakeLoggerProvider log) => log.Collector.GetSnapshot()
        .FirstOrDefault(line => line.Level == LogLevel.Warning && line.Message.Contains("no TCP connection"))?.Message;

    private void FailAndHear(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Fail();
            _blocked.Heard(s_peer);
        }
    }

    private void Fail()
    {
        _now += BlockedStreams.LeastTime / (BlockedStreams.LeastTimes - 1);
        _blocked.Failed(s_peer);
    }

    private TcpTransport Start()
    {
        var transport = new TcpTransport(new IPEndPoint(IPAddress.Loopback, 0));
        transport.ReportTo(_blocked);
        transport.Start(new PacketLog());
        return transport;
    }
}
