using System.Net;
using System.Net.Sockets;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class SocketAddressCodecTests
{
    [Theory]
    [InlineData("192.0.2.7:65535", false)]
    [InlineData("10.0.0.1:1", false)]
    [InlineData("[2001:db8::1:2]:7946", true)]
    [InlineData("[fd00:1:2:3:4:5:6:7]:256", true)]
    public void It_writes_the_bytes_the_platform_writes(string text, bool ipv6)
    {
        Assert.True(NodeAddress.TryParse(text, out var address));
        var expected = address.ToIPEndPoint().Serialize();
        var written = SocketAddressCodec.Create(ipv6);

        SocketAddressCodec.Write(address, written);

        Assert.Equal(expected, written);
        Assert.Equal(address, SocketAddressCodec.Read(written));
    }

    [Fact]
    public void An_IPv4_address_in_an_IPv6_socket_address_is_mapped_and_reads_as_IPv4()
    {
        var address = NodeAddress.FromIPv4(0x0A01_0203, 7946);
        var written = SocketAddressCodec.Create(ipv6: true);

        SocketAddressCodec.Write(address, written);

        Assert.Equal(new IPEndPoint(IPAddress.Parse("::ffff:10.1.2.3"), 7946).Serialize(), written);
        Assert.Equal(AddressFamily.InterNetworkV6, written.Family);
        Assert.True(SocketAddressCodec.Read(written).IsIPv4);
        Assert.Equal(address, SocketAddressCodec.Read(written));
    }

    [Fact]
    public void Nothing_of_the_previous_address_is_left()
    {
        var target = SocketAddressCodec.Create(ipv6: true);
        target.Buffer.Span[2..].Fill(0xFF);
        Assert.True(NodeAddress.TryParse("[2001:db8::1]:7946", out var address));

        SocketAddressCodec.Write(address, target);

        Assert.Equal(address.ToIPEndPoint().Serialize(), target);
    }
}
