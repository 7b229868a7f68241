using System.Net;
using System.Net.Sockets;
using Hearsay.Identity;

namespace Hearsay.Tests.Identity;

public sealed class LocalAddressTests
{
    [Fact]
    public void Packets_to_this_machine_leave_from_its_loopback_address() =>
        Assert.Equal(IPAddress.Loopback, LocalAddress.Towards(new IPEndPoint(IPAddress.Loopback, 9)));

    [Fact]
    public void There_is_always_an_address_of_the_family() =>
        Assert.Equal(AddressFamily.InterNetwork, LocalAddress.OfAnyInterface(AddressFamily.InterNetwork).AddressFamily);
}
