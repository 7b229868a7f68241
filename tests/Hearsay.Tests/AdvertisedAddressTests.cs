using Hearsay.Addresses;
using Hearsay.Tests.Identity;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Hearsay.Tests;

/// <summary>What a live node tells others of where it is.</summary>
public sealed class AdvertisedAddressTests : IDisposable
{
    private readonly FakeLoggerProvider _log = new();

    [Theory]
    [InlineData("0.0.0.0:0", "10.20.0.5")]
    [InlineData("[::]:0", "10.20.0.5,fd00::5")]
    public async Task A_node_that_listens_on_every_address_tells_those_of_the_default_route(string bind, string told)
    {
        var host = new DescribedHost("lo 127.0.0.1", "docker0 172.17.0.1", "eth1 10.20.0.5 fd00::5");
        await using var node = await StartAsync(bind, host);
        Assert.Equal(told, string.Join(',', Hosts(node)));
        await node.LeaveAsync();
        Assert.Empty(Warnings());
        Assert.Equal(0, host.Watchers);
    }

    [Fact]
    public async Task It_warns_loudly_if_it_finds_nothing_but_loopback()
    {
        await using var node = await StartAsync("0.0.0.0:0", new DescribedHost("lo 127.0.0.1"));
        Assert.Equal("127.0.0.1", Assert.Single(Hosts(node)));
        await node.LeaveAsync();
        var line = Assert.Single(Warnings());
        Assert.Contains("No other machine can reach this node", line.Message, StringComparison.Ordinal);
        Assert.Contains("Advertise", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_on_one_address_neither_warns_nor_watches()
    {
        var host = new DescribedHost("lo 127.0.0.1");
        await using var node = await StartAsync("127.0.0.1:0", host);
        Assert.Equal(0, host.Watchers);
        await node.LeaveAsync();
        Assert.DoesNotContain(_log.Collector.GetSnapshot(), line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task An_address_that_comes_later_is_told_with_a_higher_incarnation()
    {
        var host = new DescribedHost("lo 127.0.0.1");
        await using var node = await StartAsync("0.0.0.0:0", host);
        await using var other = await GossipNode.StartAsync(
            new GossipNodeOptions
            {
                Bind = "127.0.0.1:0", Seeds = [$"127.0.0.1:{node.LocalAddress.Port}"], Sampling = LiveNodes.Quick,
            },
            TestContext.Current.CancellationToken);
        await other.WaitForPeersAsync(1, TestContext.Current.CancellationToken);
        var before = Assert.Single(other.GetView()).Incarnation;
        host.Become("lo 127.0.0.1", "eth0 10.30.0.5");
        await Eventually.TrueAsync(() => Hosts(node) is ["10.30.0.5"], "the new address is told");
        await Eventually.TrueAsync(
            () => other.GetView().Any(peer => peer.Incarnation > before && Hosts(peer.Addresses) is ["10.30.0.5"]),
            "another node hears of it");
        await Eventually.TrueAsync(
            () => _log.Collector.GetSnapshot().Any(line => line.Id.Id == 18
                && line.Message.Contains("reached at 10.30.0.5", StringComparison.Ordinal)),
            "it is in the log");
    }

    [Theory]
    [InlineData]
    [InlineData("lo 127.0.0.1")]
    public async Task Interfaces_that_are_gone_for_a_moment_are_looked_at_again_without_another_change(
        params string[] meanwhile)
    {
        var host = new DescribedHost("lo 127.0.0.1", "eth0 10.30.0.4");
        await using var node = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = "0.0.0.0:0", Host = host }, TestContext.Current.CancellationToken);
        Assert.Equal(["10.30.0.4"], Hosts(node));
        host.Become(meanwhile);
        await Task.Delay(1.5 * AddressWatch.Settling, TestContext.Current.CancellationToken);
        Assert.Equal(["10.30.0.4"], Hosts(node));

        host.BecomeSilently("lo 127.0.0.1", "eth0 10.30.0.5");
        await Eventually.TrueAsync(() => Hosts(node) is ["10.30.0.5"], "the new address is told");
    }

    [Fact]
    public async Task What_the_application_says_is_not_looked_at_again()
    {
        var host = new DescribedHost("lo 127.0.0.1", "eth0 10.0.0.5");
        await using var node = await StartAsync("0.0.0.0:0", host);
        await node.SetAdvertisedAddressAsync("192.0.2.7", TestContext.Current.CancellationToken);
        Assert.Equal(0, host.Watchers);
        Assert.Equal("192.0.2.7", Assert.Single(Hosts(node)));
        foreach (var wrong in new[] { "224.0.0.1", "10.0.0.5,10.0.0.6", "1.1.1.1,fd00::5,c", "" })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(
                () => node.SetAdvertisedAddressAsync(wrong, TestContext.Current.CancellationToken));
            Assert.StartsWith("Advertise must", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("192.0.2.7", Assert.Single(Hosts(node)));
    }

    public void Dispose() => _log.Dispose();

    private Task<GossipNode> StartAsync(string bind, DescribedHost host) => GossipNode.StartAsync(
        new GossipNodeOptions
        {
            Bind = bind, Host = host, Sampling = LiveNodes.Quick, LoggerFactory = LiveNodes.Logging(_log),
        },
        TestContext.Current.CancellationToken);

    /// <summary>All but the one that packets are not protected, which is another story.</summary>
    private IEnumerable<FakeLogRecord> Warnings() => _log.Collector.GetSnapshot().Where(static line =>
        line.Level >= LogLevel.Warning && !line.Message.Contains("effective security", StringComparison.Ordinal));

    private static string[] Hosts(GossipNode node) => Hosts(node.Addresses);

    private static string[] Hosts(NodeAddresses addresses) =>
    [
        .. new[] { addresses.IPv4, addresses.IPv6 }.Where(address => !address.IsNone)
            .Select(address => address.ToIPEndPoint().Address.ToString()),
    ];
}
