using System.Net;
using Hearsay.Addresses;
using Hearsay.Agent.Doctor;

namespace Hearsay.Agent.Tests.Doctor;

public sealed class NameCheckTests
{
    [Theory]
    [InlineData("db", "", nameof(FindingLevel.Problem))]
    [InlineData("db", "127.0.1.1", nameof(FindingLevel.Warning))]
    [InlineData("localhost", "127.0.0.1", nameof(FindingLevel.Ok))]
    [InlineData("db", "192.0.2.5,2001:db8::5", nameof(FindingLevel.Ok))]
    public void A_name_is_worth_what_it_means_here(string name, string addresses, string level)
    {
        Assert.True(HostPort.TryParse(name, 7946, out var host));
        IPAddress[] found = [.. addresses.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
        Assert.Equal(level, $"{NameCheck.Judge(host, found, []).Level}");
    }
}
