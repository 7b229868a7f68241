using System.Net;
using Hearsay.Agent.Doctor;

namespace Hearsay.Agent.Tests.Doctor;

public sealed class MtuCheckTests
{
    [Theory]
    [InlineData("192.0.2.5", 1260, true)]
    [InlineData("192.0.2.5", 1259, false)]
    [InlineData("2001:db8::5", 1280, true)]
    [InlineData("2001:db8::5", 1279, false)]
    public void A_way_is_wide_enough_for_the_largest_datagram_and_its_headers(string address, int bytes, bool isWide)
    {
        var seed = new SeedAddress("seed", new IPEndPoint(IPAddress.Parse(address), 7946));
        var finding = MtuCheck.Judge(seed, bytes);
        Assert.Equal(isWide, finding is null);
        Assert.True(finding is null || finding.Text.Contains($"{bytes} bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void Linux_tells_the_way_to_this_host_itself()
    {
        if (OperatingSystem.IsLinux())
        {
            var finding = Assert.Single(MtuCheck.Of([new SeedAddress("x", new IPEndPoint(IPAddress.Loopback, 7946))]));
            Assert.Equal(FindingLevel.Ok, finding.Level);
        }
    }
}
