using System.Net;
using System.Net.Sockets;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Settings;

public sealed class EndPointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Endpoints_become_the_text_that_the_options_are_checked_as()
    {
        var options = new GossipNodeOptions()
            .WithBind(new IPEndPoint(IPAddress.Any, 0))
            .WithAdvertise(new DnsEndPoint("node.test", 0), new IPEndPoint(IPAddress.Parse("fd00::1"), 5))
            .WithSeeds(new IPEndPoint(IPAddress.Parse("fd00::2"), 7946), new DnsEndPoint("seed.test", 7947));

        Assert.Equal("0.0.0.0:0", options.Bind);
        Assert.Equal("node.test:0,[fd00::1]:5", options.Advertise);
        Assert.Equal(["[fd00::2]:7946", "seed.test:7947"], options.Seeds);
        Assert.Empty(GossipNodeValidation.Errors(options));
    }

    [Fact]
    public void An_endpoint_that_is_no_address_is_refused_by_its_parameter_and_a_wrong_one_by_the_validation()
    {
        var options = new GossipNodeOptions();
        var unix = new UnixDomainSocketEndPoint("/tmp/x");
        Assert.Equal("endPoints", Assert.Throws<ArgumentException>(() => options.WithSeeds(unix)).ParamName);
        Assert.Equal("endPoint", Assert.Throws<ArgumentException>(() => options.WithAdvertise(unix)).ParamName);
        Assert.Throws<ArgumentNullException>(() => options.WithBind(null!));
        Assert.NotEmpty(GossipNodeValidation.Errors(options.WithSeeds(new IPEndPoint(IPAddress.Loopback, 0))));
        Assert.NotEmpty(GossipNodeValidation.Errors(options.WithAdvertise(new DnsEndPoint("no name", 1))));
    }

    [Fact]
    public async Task Nodes_that_are_given_endpoints_find_each_other_and_advertise_them()
    {
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync(nodes.Options.WithBind(new IPEndPoint(IPAddress.Loopback, 0)));
        var second = await nodes.StartAsync(nodes.Options.WithSeeds(first.LocalAddress.ToIPEndPoint()));
        await second.WaitForPeersAsync(1, Cancellation).WaitAsync(Eventually.Deadline, Cancellation);
        var third = await nodes.StartAsync(nodes.Options with { Seeds = [] });
        await third.ContactAsync([second.LocalAddress.ToIPEndPoint()], Cancellation);
        await third.WaitForPeersAsync(1, Cancellation).WaitAsync(Eventually.Deadline, Cancellation);

        await third.SetAdvertisedAddressAsync(new DnsEndPoint("127.0.0.2", 0), Cancellation);

        Assert.Equal(new IPEndPoint(IPAddress.Parse("127.0.0.2"), third.LocalAddress.Port),
            third.Addresses.IPv4.ToIPEndPoint());
        await Assert.ThrowsAsync<ArgumentException>(
            () => third.ContactAsync([new UnixDomainSocketEndPoint("/tmp/x")], Cancellation));
    }
}
