using System.Net;
using Hearsay.Addresses;
using Hearsay.Tests.Identity;

namespace Hearsay.Tests.Addresses;

/// <summary>Which of a host's addresses a node that listens on all of them tells others.</summary>
public sealed class LocalAddressTests
{
    private const string Lo = "lo 127.0.0.1 ::1";
    private const string OnlyLoopback = "127.0.0.1:7";

    private static readonly NodeAddress _everyIPv4 = NodeAddress.FromIPv4(0, 7);
    private static readonly NodeAddress _every = NodeAddress.FromIPv6(0, 0, 7);

    [Fact]
    public void The_interface_of_the_default_route_comes_before_a_container_bridge_that_is_listed_first()
    {
        var host = new DescribedHost(Lo, "docker0 172.17.0.1", "eth1 10.20.0.5") { Routes = [("", "10.20.0.5")] };
        Assert.Equal("10.20.0.5:7", Choose(host, _everyIPv4));
    }

    [Theory]
    [InlineData("docker0")]
    [InlineData("br-0123456789ab")]
    [InlineData("virbr0")]
    [InlineData("vethcafe01")]
    [InlineData("cni0")]
    public void Without_a_default_route_any_interface_comes_before_a_container_bridge(string bridge)
    {
        var host = new DescribedHost(Lo, $"{bridge} 172.17.0.1", "eth1 10.20.0.5");
        Assert.Equal("10.20.0.5:7", Choose(host, _everyIPv4));
        Assert.Equal("172.17.0.1:7", Choose(new DescribedHost(Lo, $"{bridge} 172.17.0.1"), _everyIPv4));
    }

    [Theory]
    [InlineData("br0")]
    [InlineData("br-lan")]
    [InlineData("wg0")]
    [InlineData("bond0.7")]
    public void Other_names_are_ordinary_interfaces(string name) =>
        Assert.Equal("10.1.0.1:7", Choose(new DescribedHost(Lo, $"{name} 10.1.0.1", "eth1 10.20.0.5"), _everyIPv4));

    [Fact]
    public void A_bridge_that_has_the_default_route_is_the_way_out() => Assert.Equal(
        "172.17.0.1:7",
        Choose(new DescribedHost("docker0 172.17.0.1", "eth1 10.2.0.5") { Routes = [("", "172.17.0.1")] }, _everyIPv4));

    [Fact]
    public void The_address_from_which_packets_to_a_seed_leave_comes_before_the_default_route()
    {
        var host = new DescribedHost(Lo, "eth0 192.0.2.7", "eth1 10.20.0.5")
        {
            Routes = [("10.20.", "10.20.0.5"), ("", "192.0.2.7")],
        };
        Assert.Equal("10.20.0.5:7", Choose(host, _everyIPv4, "10.20.0.9:7"));
        Assert.Equal("192.0.2.7:7", Choose(host, _everyIPv4, "198.51.100.1:7", "10.20.0.9:7"));
    }

    [Theory]
    [InlineData("127.0.0.1:7")]
    [InlineData("127.0.1.1:7")]
    [InlineData("[::1]:7")]
    public void A_seed_on_loopback_never_wins(string loopback)
    {
        var host = new DescribedHost(Lo, "eth0 10.77.0.1") { Routes = [("10.77.", "10.77.0.1")] };
        Assert.Equal("10.77.0.1:7", Choose(host, _every, loopback, "10.77.0.2:7", "10.77.0.3:7"));
        Assert.Equal("10.77.0.1:7", Choose(host, _every, loopback));
        Assert.Equal(OnlyLoopback, Choose(new DescribedHost(Lo), _every, loopback));
    }

    [Fact]
    public void A_seed_in_a_container_of_this_host_gives_way_to_one_elsewhere()
    {
        var host = new DescribedHost(Lo, "docker0 172.17.0.1", "eth0 10.0.0.5")
        {
            Routes = [("172.17.", "172.17.0.1"), ("", "10.0.0.5")],
        };
        Assert.Equal("10.0.0.5:7", Choose(host, _everyIPv4, "172.17.0.2:7", "10.0.0.6:7"));
        Assert.Equal("172.17.0.1:7", Choose(host, _everyIPv4, "172.17.0.2:7"));
    }

    [Fact]
    public void A_host_with_IPv6_only_tells_its_global_address_and_not_loopback()
    {
        var host = new DescribedHost(Lo, "eth0 fe80::1 fd00:77::5");
        Assert.Equal("[fd00:77::5]:7", Choose(host, _every));
        Assert.Equal(OnlyLoopback, Choose(host, _everyIPv4));
    }

    [Fact]
    public void A_host_with_both_families_tells_both_but_no_bridge_beside_a_real_address()
    {
        var host = new DescribedHost(Lo, "eth0 10.0.0.5 2001:db8:1::5", "docker0 172.17.0.1 fd00:d0c::1");
        Assert.Equal("10.0.0.5:7,[2001:db8:1::5]:7", Choose(host, _every));
        Assert.Equal("10.0.0.5:7", Choose(host, _everyIPv4));
        Assert.Equal("10.0.0.5:7", Choose(new DescribedHost("eth0 10.0.0.5", "docker0 fd00:d0c::1"), _every));
        Assert.Equal("[fd00::5]:7", Choose(new DescribedHost("eth0 fd00::5", "docker0 172.17.0.1"), _every));
    }

    [Fact]
    public void What_the_host_gave_itself_or_one_link_gave_it_comes_last_or_never()
    {
        Assert.Equal("10.0.0.5:7", Choose(new DescribedHost("eth0 169.254.3.4 10.0.0.5"), _every));
        Assert.Equal("169.254.3.4:7", Choose(new DescribedHost("eth0 169.254.3.4"), _every));
        Assert.Equal(OnlyLoopback, Choose(new DescribedHost("eth0 fe80::1"), _every));
        Assert.Equal(OnlyLoopback, Choose(new DescribedHost(), _every));
    }

    [Fact]
    public void After_a_change_an_address_that_is_still_there_stays()
    {
        var host = new DescribedHost(Lo, "eth0 10.0.0.5", "tun0 10.8.0.2") { Routes = [("", "10.8.0.2")] };
        Assert.Equal("10.0.0.5:7", Reconsider(host, "10.0.0.5:7"));
    }

    [Theory]
    [InlineData("127.0.0.1:7")]
    [InlineData("172.17.0.1:7")]
    [InlineData("169.254.3.4:7")]
    [InlineData("10.9.9.9:7")]
    public void After_a_change_one_that_is_gone_or_led_nowhere_is_replaced(string told)
    {
        var host = new DescribedHost(Lo, "docker0 172.17.0.1", "eth0 169.254.3.4 10.0.0.5");
        Assert.Equal("10.0.0.5:7", Reconsider(host, told));
    }

    [Fact]
    public void Of_the_other_family_an_address_is_added_when_it_comes_and_dropped_when_it_goes()
    {
        var host = new DescribedHost(Lo, "eth0 10.0.0.5 fd00::5");
        Assert.Equal("10.0.0.5:7,[fd00::5]:7", Reconsider(host, "10.0.0.5:7"));
        host.Become(Lo, "eth0 10.0.0.5");
        Assert.Equal("10.0.0.5:7", Reconsider(host, "10.0.0.5:7", "[fd00::5]:7"));
    }

    [Fact]
    public void When_all_interfaces_go_down_nothing_changes() =>
        Assert.Equal("10.0.0.5:7", Reconsider(new DescribedHost(Lo), "10.0.0.5:7"));

    [Theory]
    [InlineData(true, "127.0.0.1:7")]
    [InlineData(true, "127.0.0.1:7", "[::1]:7")]
    [InlineData(false, "127.0.0.1:7", "[fd00::1]:7")]
    [InlineData(false, "10.0.0.5:7")]
    public void Loopback_is_what_leads_others_to_themselves(bool expected, params string[] addresses) =>
        Assert.Equal(expected, LocalAddress.IsLoopback(Of(addresses)));

    [Fact]
    public void Packets_to_this_machine_leave_from_its_loopback_address() =>
        Assert.Equal(IPAddress.Loopback, HostNetwork.System.Towards(new IPEndPoint(IPAddress.Loopback, 9)));

    [Fact]
    public void The_operating_system_names_the_loopback_address_among_all() =>
        Assert.Contains(HostNetwork.System.Addresses, address => IPAddress.IsLoopback(address.Address));

    [Fact]
    public void The_operating_system_can_be_watched_and_left_alone_again()
    {
        var watch = HostNetwork.System.Watch(() => { });
        watch.Dispose();
        watch.Dispose();
    }

    private static string Choose(DescribedHost host, NodeAddress bound, params string[] seeds) =>
        LocalAddress.Choose(host, bound, seeds.Select(Parse)).ToString();

    private static string Reconsider(DescribedHost host, params string[] told) =>
        LocalAddress.Reconsider(host, Of(told), LocalAddress.Choose(host, _every, [])).ToString();

    private static NodeAddresses Of(string[] addresses) =>
        new(Parse(addresses[0]), addresses.Length > 1 ? Parse(addresses[1]) : default);

    private static NodeAddress Parse(string text) => NodeAddress.TryParse(text, out var address) ? address : default;
}
