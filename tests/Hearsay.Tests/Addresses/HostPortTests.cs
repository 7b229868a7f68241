using System.Net;
using CsCheck;
using Hearsay.Addresses;

namespace Hearsay.Tests.Addresses;

public sealed class HostPortTests
{
    [Theory]
    [InlineData("host", "host", 7)]
    [InlineData("host:1", "host", 1)]
    [InlineData(" host:1 ", "host", 1)]
    [InlineData("a.b-c.example:65535", "a.b-c.example", 65535)]
    [InlineData("10.0.0.5", "10.0.0.5", 7)]
    [InlineData("10.0.0.5:0", "10.0.0.5", 0)]
    [InlineData("::1", "::1", 7)]
    [InlineData("[::1]", "::1", 7)]
    [InlineData(" [::1]", "::1", 7)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("[fd00::5]:1", "fd00::5", 1)]
    public void Hosts_are_read_with_and_without_port(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, 7, out var parsed));
        Assert.Equal((host, port), (parsed.Host, parsed.Port));
        Assert.Equal(IPAddress.TryParse(host, out _), parsed.Address is not null);
    }

    [Fact]
    public void An_IPv4_address_written_as_IPv6_is_the_IPv4_address()
    {
        Assert.True(HostPort.TryParse("[::ffff:10.0.0.5]:1", 7, out var parsed));
        Assert.Equal(IPAddress.Parse("10.0.0.5"), parsed.Address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":1")]
    [InlineData("host:")]
    [InlineData("host:x")]
    [InlineData("host:-1")]
    [InlineData("host:+1")]
    [InlineData("host: 1")]
    [InlineData("host:65536")]
    [InlineData("host:99999999999")]
    [InlineData("host:1:2")]
    [InlineData("ho st:1")]
    [InlineData("http://host:1")]
    [InlineData("7946")]
    [InlineData("127.1")]
    [InlineData("10.0.0.256:1")]
    [InlineData("1.2.3:4")]
    [InlineData("[::1")]
    [InlineData("[::1]1")]
    [InlineData("[]:1")]
    [InlineData("[::1]:")]
    public void What_is_no_host_is_refused(string? text) => Assert.False(HostPort.TryParse(text, 7, out _));

    [Fact]
    public void What_is_written_is_read_back_the_same() =>
        Gen.Select(
            Gen.OneOf(
                Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes).ToString()),
                Gen.Byte.Array[16].Select(bytes => new IPAddress(bytes).ToString()),
                Gen.String[Gen.Char["abcxyz"], 1, 20]),
            Gen.Int[0, ushort.MaxValue])
        .Sample((host, port) =>
        {
            var address = IPAddress.TryParse(host, out var parsedAddress) ? parsedAddress : null;
            Assert.True(HostPort.TryParse(new HostPort(host, address, port).ToString(), 7, out var parsed));
            Assert.Equal(new HostPort(host, address, port), parsed);
        });

    [Fact]
    public void No_text_at_all_makes_it_throw() =>
        Gen.String[Gen.Char["a.:[]1 %-\0\u00e4"], 0, 12].Sample(text =>
        {
            _ = HostPort.TryParse(text, 7, out _);
        });
}
