using System.Net;
using CsCheck;

namespace Hearsay.Protocols.Tests;

public class NodeAddressTests
{
    [Fact]
    public void An_IPv4_address_mapped_into_IPv6_is_the_IPv4_address() =>
        Gen.Select(Gen.UInt, Gen.UShort).Sample((bits, port) =>
        {
            var plain = NodeAddress.FromIPv4(bits, port);
            var endPoint = plain.ToIPEndPoint();
            var mapped = NodeAddress.From(new IPEndPoint(endPoint.Address.MapToIPv6(), port));
            return mapped == plain && mapped.IsIPv4 && mapped.GetHashCode() == plain.GetHashCode()
                && NodeAddress.From(endPoint) == plain;
        });

    [Fact]
    public void Text_is_parsed_to_the_same_address() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.UShort[1, ushort.MaxValue]).Sample((high, low, port) =>
        {
            var address = NodeAddress.FromIPv6(high, low, port);
            return NodeAddress.TryParse(address.ToString(), out var parsed) && parsed == address;
        });

    [Theory]
    [InlineData("10.0.0.5:7946", "10.0.0.5:7946")]
    [InlineData("[::ffff:10.0.0.5]:7946", "10.0.0.5:7946")]
    [InlineData("[fd00::5]:7946", "[fd00::5]:7946")]
    public void Addresses_have_one_spelling(string text, string spelling)
    {
        Assert.True(NodeAddress.TryParse(text, out var address));
        Assert.Equal(spelling, address.ToString());
    }

    [Theory]
    [InlineData("10.0.0.5")]
    [InlineData("10.0.0.5:0")]
    [InlineData("example.org:7946")]
    [InlineData("")]
    public void Other_text_is_no_address(string text) => Assert.False(NodeAddress.TryParse(text, out _));

    [Theory]
    [InlineData("10.0.0.5:1", true)]
    [InlineData("0.0.0.0:1", false)]
    [InlineData("224.0.0.1:1", false)]
    [InlineData("255.255.255.255:1", false)]
    [InlineData("[::1]:1", true)]
    [InlineData("[::]:1", false)]
    [InlineData("[ff02::1]:1", false)]
    public void Only_an_address_of_one_host_can_be_sent_to(string text, bool usable)
    {
        Assert.True(NodeAddress.TryParse(text, out var address));
        Assert.Equal(usable, address.IsUsable);
    }
}
