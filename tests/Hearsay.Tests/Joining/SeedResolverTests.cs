using System.Net;
using Hearsay.Addresses;
using Hearsay.Joining;

namespace Hearsay.Tests.Joining;

public sealed class SeedResolverTests
{
    [Fact]
    public async Task Addresses_pass_names_are_resolved_and_what_is_neither_is_passed_over()
    {
        var (addresses, errors) = await SeedResolver.ResolveAsync(
            ["10.0.0.5:1", "[fd00::5]:2", "10.0.0.6", "localhost:3", "not a host", "no-such-host.invalid:4"],
            TestContext.Current.CancellationToken);

        var found = addresses.Select(address => address.ToString()).ToList();
        Assert.Equal(["10.0.0.5:1", "[fd00::5]:2", "10.0.0.6:7946"], found.Take(3));
        Assert.Contains(found, address => address is "127.0.0.1:3" or "[::1]:3");
        Assert.StartsWith("no-such-host.invalid:4: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_has_only_addresses_of_no_node_is_an_error()
    {
        var names = new NameResolver(static _ => [IPAddress.Any, IPAddress.IPv6Any], TimeSpan.FromDays(1));
        var (addresses, errors) = await SeedResolver.ResolveAsync(
            ["sink.test:4"], TestContext.Current.CancellationToken, names);
        Assert.Empty(addresses);
        Assert.StartsWith(
            "sink.test:4: it has no address of a node: 0.0.0.0 is for listening", Assert.Single(errors),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_resolution_ends()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => SeedResolver.ResolveAsync(["no-such-host.invalid:4"], cancelled.Token));
    }
}
