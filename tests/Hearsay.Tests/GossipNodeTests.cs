using System.Net.Sockets;
using Hearsay.Addresses;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Tests.Identity;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging.Testing;

namespace Hearsay.Tests;

public sealed class GossipNodeTests
{
    [Fact]
    public async Task Start_completes_when_both_sockets_are_bound()
    {
        await using var nodes = new LiveNodes();
        var node = await nodes.StartAsync();

        Assert.NotEqual(0, node.LocalAddress.Port);
        Assert.Equal(node.LocalAddress, node.Addresses.IPv4);
        using var socket = await RawSockets.ConnectAsync(node.LocalAddress);
        Assert.True(socket.Connected);
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.Throws<SocketException>(() => datagrams.Bind(node.LocalAddress.ToIPEndPoint()));
    }

    [Fact]
    public async Task Waiting_for_peers_ends_with_them_with_cancellation_or_with_the_node()
    {
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync();
        using var cancelled = new CancellationTokenSource();
        var given = first.WaitForPeersAsync(1, cancelled.Token);
        var waiting = first.WaitForPeersAsync();
        Assert.False(waiting.IsCompleted);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        await nodes.StartAsync();
        await waiting;
        await first.WaitForPeersAsync();
        var forEver = first.WaitForPeersAsync(30);
        await first.LeaveAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => forEver);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => first.WaitForPeersAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => first.WaitForPeersAsync(31));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => first.WaitForPeersAsync(0));
    }

    [Fact]
    public async Task Peers_are_distinct_and_no_more_than_there_are()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(6);
        await nodes.ViewsHoldAsync(5);

        var peers = nodes.First.GetPeers(10);

        Assert.Equal(5, peers.Count);
        Assert.Equal(5, peers.Select(peer => peer.Id).Distinct().Count());
        Assert.DoesNotContain(nodes.First.Id, peers.Select(peer => peer.Id));
        Assert.Equal(3, nodes.First.GetPeers(3).Count);
        Assert.Empty(nodes.First.GetPeers(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => nodes.First.GetPeers(-1));
    }

    [Fact]
    public async Task A_node_alone_has_nobody_to_give()
    {
        await using var nodes = new LiveNodes();
        var node = await nodes.StartAsync();

        Assert.False(node.TryGetPeer(out var peer, out var origin));
        Assert.Equal(default, peer);
        Assert.Equal(SampleOrigin.None, origin);
        Assert.Empty(node.GetPeers(3));
    }

    [Fact]
    public async Task Samplers_are_bounded_and_a_disposed_one_makes_room()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync();
        var samplers = Enumerable.Range(0, SamplerSet.DefaultCapacity - 1).Select(_ => node.CreateSampler()).ToList();

        var refused = Assert.Throws<InvalidOperationException>(() => node.CreateSampler());
        Assert.Contains("at most 64 samplers", refused.Message, StringComparison.Ordinal);
        samplers[0].Dispose();
        node.CreateSampler(SamplingPolicy.Head).Dispose();
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync();

        var failure = await Assert.ThrowsAsync<IOException>(() => nodes.StartAsync(
            nodes.Options with { Bind = first.LocalAddress.ToString() }));

        Assert.Contains($"{first.LocalAddress}: the port is taken", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_are_all_named_at_once()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "here", Cluster = "", Seeds = ["x:0"], DataDirectory = " ", Sampling = new() { Fanout = 0 },
        }, TestContext.Current.CancellationToken));

        Assert.All(
            ["Bind must", "Cluster must", "Seeds must", "DataDirectory must", "Fanout must"],
            part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leaving_twice_waits_for_the_first_and_frees_the_port()
    {
        await using var nodes = new LiveNodes();
        var node = await nodes.StartAsync();
        await Task.WhenAll(node.LeaveAsync(), node.LeaveAsync(), node.DisposeAsync().AsTask());

        var again = await nodes.StartAsync(nodes.Options with { Bind = node.LocalAddress.ToString(), Seeds = [] });

        Assert.Equal(node.LocalAddress, again.LocalAddress);
    }

    [Fact]
    public async Task Seeds_by_name_are_found_and_names_that_are_not_known_hold_nobody_up()
    {
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync();
        var log = new FakeLoggerProvider();
        var second = await nodes.StartAsync(nodes.Options with
        {
            Seeds = ["no-such-host.invalid:1", $"localhost:{first.LocalAddress.Port}"],
            LoggerFactory = LiveNodes.Logging(log),
        });

        await second.WaitForPeersAsync();
        await Eventually.TrueAsync(
            () => log.Collector.GetSnapshot().Any(
                line => line.Message.StartsWith("Seed no-such-host.invalid:1 cannot be")),
            "the name that is not known is logged");
    }

    [Fact]
    public async Task A_name_that_is_not_known_is_tried_again()
    {
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync();
        var log = new FakeLoggerProvider();
        var lookups = 0;
        var resolver = new NameResolver(
            _ => ++lookups > 2
                ? [first.LocalAddress.ToIPEndPoint().Address]
                : throw new SocketException((int)SocketError.HostNotFound),
            TimeSpan.FromDays(1));
        var second = await nodes.StartAsync(nodes.Options with
        {
            Seeds = [$"late.test:{first.LocalAddress.Port}"], Names = resolver,
            LoggerFactory = LiveNodes.Logging(log),
        });

        await second.WaitForPeersAsync().WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Told("is resolved now") == 1, "that it is known is told");
        Assert.Equal(1, Told("cannot be resolved"));

        int Told(string what) => log.Collector.GetSnapshot().Count(line => line.Message.StartsWith(
            $"Seed late.test:{first.LocalAddress.Port} {what}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_clusters_never_merge()
    {
        await using var nodes = await new LiveNodes().StartManyAsync(2);
        var log = new FakeLoggerProvider();
        var stranger = await nodes.StartAsync(nodes.Options with
        {
            Cluster = "other", LoggerFactory = LiveNodes.Logging(log),
            Seeds = [.. nodes.All.Select(node => node.LocalAddress.ToString())],
        });

        await Eventually.TrueAsync(
            () => nodes.All.Take(2).Sum(node => node.Counters.Dropped(DropReason.WrongCluster)) > 5, "it knocks");
        Assert.Equal(0, stranger.ViewCount);
        Assert.Equal(1, nodes.First.ViewCount);
    }

    [Fact]
    public async Task A_node_that_listens_everywhere_advertises_no_loopback_although_its_seed_is_there()
    {
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync();
        var second = await nodes.StartAsync(nodes.Options with
        {
            Bind = "0.0.0.0:0", Host = new DescribedHost("lo 127.0.0.1", "eth0 10.20.0.5"),
        });

        Assert.Equal($"10.20.0.5:{second.LocalAddress.Port}", second.Addresses.ToString());
        await first.WaitForPeersAsync();
        Assert.Equal(second.Addresses, first.GetView()[0].Addresses);
    }

    [Fact]
    public async Task A_node_seen_under_another_address_than_it_advertises_is_warned()
    {
        await using var nodes = new LiveNodes();
        await nodes.StartAsync();
        var log = new FakeLoggerProvider();
        var second = await nodes.StartAsync(nodes.Options with
        {
            Advertise = "127.0.0.77", LoggerFactory = LiveNodes.Logging(log),
        });

        await second.WaitForPeersAsync();
        Assert.Equal($"127.0.0.77:{second.LocalAddress.Port}", second.Addresses.ToString());
        var expected = $"Others see this node at {second.LocalAddress}";
        await Eventually.TrueAsync(
            () => log.Collector.GetSnapshot().Any(line => line.Message.StartsWith(expected)), "the warning");
    }

    [Theory]
    [InlineData("[::1]:0", "[::1]:0")]
    [InlineData("[::]:0", "[::1]:0")]
    [InlineData("[::]:0", "127.0.0.1:0")]
    public async Task Nodes_meet_over_IPv6_and_a_dual_stack_node_meets_both(string seed, string joiner)
    {
        RawSockets.RequireIPv6();
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync(nodes.Options with { Bind = seed, Advertise = Both(seed) });
        var host = joiner[..joiner.LastIndexOf(':')];
        var second = await nodes.StartAsync(nodes.Options with
        {
            Bind = joiner, Seeds = [$"{host}:{first.LocalAddress.Port}"],
        });

        await first.WaitForPeersAsync();
        await second.WaitForPeersAsync();
        Assert.Equal(first.Id, second.GetView()[0].Id);

        static string? Both(string bind) =>
            bind.StartsWith("[::]", StringComparison.Ordinal) ? "127.0.0.1,[::1]" : null;
    }
}
