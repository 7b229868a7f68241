using System.Net;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class SocketFamiliesTests
{
    [Theory]
    [InlineData("0.0.0.0:1", true, false)]
    [InlineData("192.0.2.1:1", true, false)]
    [InlineData("[::1]:1", false, true)]
    [InlineData("[::]:1", true, true)]
    public void A_socket_reaches_the_families_it_is_bound_to(string local, bool four, bool six)
    {
        var families = SocketFamilies.Of(IPEndPoint.Parse(local));

        Assert.Equal(four, families.CanReach(NodeAddress.From(IPEndPoint.Parse("192.0.2.1:7946"))));
        Assert.Equal(four, families.CanReach(NodeAddress.From(IPEndPoint.Parse("[::ffff:192.0.2.1]:7946"))));
        Assert.Equal(six, families.CanReach(NodeAddress.From(IPEndPoint.Parse("[2001:db8::1]:7946"))));
    }

    [Theory]
    [InlineData("192.0.2.1:0")]
    [InlineData("0.0.0.0:7946")]
    [InlineData("224.0.0.1:7946")]
    [InlineData("255.255.255.255:7946")]
    [InlineData("[::]:7946")]
    [InlineData("[ff02::1]:7946")]
    public void Nothing_reaches_an_address_that_is_not_one_hosts(string remote)
    {
        var both = SocketFamilies.Of(new IPEndPoint(IPAddress.IPv6Any, 0));

        Assert.False(both.CanReach(NodeAddress.From(IPEndPoint.Parse(remote))));
    }
}
