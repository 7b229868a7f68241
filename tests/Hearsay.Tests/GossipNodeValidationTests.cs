using Hearsay.Protocols;
using Hearsay.Protocols.Wire;

namespace Hearsay.Tests;

public sealed class GossipNodeValidationTests
{
    [Theory]
    [InlineData("127.0.0.1:0", "192.0.2.9:7946", 1)]
    [InlineData("[::1]:0", "192.0.2.9:7946", 1)]
    [InlineData("127.0.0.1:0", "127.0.0.1:7946", 0)]
    [InlineData("0.0.0.0:0", "192.0.2.9:7946", 0)]
    public void A_node_on_loopback_with_a_seed_elsewhere_is_warned(string bind, string seed, int warnings)
    {
        var told = GossipNodeValidation.Warnings(new GossipNodeOptions { Bind = bind, Seeds = [seed] });
        var ofSeeds = told.Where(warning => warning.Contains("a seed is on another", StringComparison.Ordinal));
        Assert.Equal(warnings, ofSeeds.Count());
        Assert.All(told, warning => Assert.Contains("Bind", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("224.0.0.1:7946", "multicast")]
    [InlineData("239.1.2.3", "multicast")]
    [InlineData("[ff02::1]:7946", "multicast")]
    [InlineData("255.255.255.255:7946", "broadcast")]
    [InlineData("240.0.0.1:7946", "reserved")]
    [InlineData("0.1.2.3:7946", "reserved")]
    [InlineData("[::ffff:224.0.0.1]:7946", "multicast")]
    public void An_address_that_no_machine_has_is_refused_everywhere(string address, string reason)
    {
        AssertRefused(new GossipNodeOptions { Bind = address }, "Bind", reason);
        AssertRefused(new GossipNodeOptions { Seeds = [address] }, "Seeds", reason);
        AssertRefused(new GossipNodeOptions { Advertise = address }, "Advertise", reason);
        var other = address.StartsWith("[ff", StringComparison.Ordinal) ? "10.0.0.5" : "fd00::5";
        AssertRefused(new GossipNodeOptions { Advertise = $"{other},{address}" }, "Advertise", reason);
    }

    [Theory]
    [InlineData("0.0.0.0:7946")]
    [InlineData("0.0.0.0")]
    [InlineData("[::]:7946")]
    [InlineData("[::ffff:0.0.0.0]:7946")]
    public void Every_address_is_for_listening_only(string address)
    {
        Assert.Empty(GossipNodeValidation.Errors(new GossipNodeOptions { Bind = address }));
        AssertRefused(new GossipNodeOptions { Seeds = [address] }, "Seeds", "listening on every address");
        AssertRefused(new GossipNodeOptions { Advertise = address }, "Advertise", "listening on every address");
    }

    [Theory]
    [InlineData("0.0.0.0:7946", 1)]
    [InlineData("[::]:7946", 1)]
    [InlineData("[fe80::2%1]:7946", 0)]
    public void An_address_of_one_link_is_reached_from_that_link_only(string bind, int errors)
    {
        var seeds = GossipNodeValidation.Errors(new GossipNodeOptions { Bind = bind, Seeds = ["[fe80::1%1]:7946"] });
        Assert.Equal(errors, seeds.Count);
        var told = GossipNodeValidation.Errors(new GossipNodeOptions { Bind = bind, Advertise = "fe80::1" });
        Assert.Equal(errors, told.Count);
        Assert.All(seeds.Concat(told), error => Assert.Contains("link-local", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.0.0.5", true)]
    [InlineData("10.0.0.5:1,[fd00::5]:2", true)]
    [InlineData("a.example,b.example", true)]
    [InlineData("10.0.0.5,10.0.0.6", false)]
    [InlineData("10.0.0.5,", false)]
    [InlineData("10.0.0.5:x", false)]
    [InlineData("1.1.1.1,fd00::5,c", false)]
    public void Advertised_addresses_are_one_or_one_of_each_family(string advertise, bool valid)
    {
        var errors = GossipNodeValidation.Errors(new GossipNodeOptions { Advertise = advertise });
        Assert.Equal(valid, errors.Count == 0);
        Assert.All(errors, error => Assert.StartsWith("Advertise ", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost:1")]
    [InlineData("")]
    [InlineData("10.0.0.5:70000")]
    public void What_is_no_address_to_listen_on_says_what_is_and_which_port_it_has_without_one(string bind) =>
        AssertRefused(new GossipNodeOptions { Bind = bind }, "Bind", "ADDRESS[:PORT]", "the port is 7946 if none");

    [Theory]
    [InlineData("host:0")]
    [InlineData("not a host")]
    public void What_is_no_seed_says_what_is_and_which_port_it_has_without_one(string seed) =>
        AssertRefused(new GossipNodeOptions { Seeds = [seed] }, "Seeds", "HOST[:PORT]", "the port is 7946 if none");

    [Fact]
    public async Task A_contact_is_checked_as_a_seed_is()
    {
        await using var node = await GossipNode.StartAsync(
            new GossipNodeOptions { Network = new MemoryNetwork() }, TestContext.Current.CancellationToken);
        foreach (var contact in new[] { "0.0.0.0:7946", "224.0.0.1", "not a host" })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(
                () => node.ContactAsync(["127.0.0.1:1", contact], TestContext.Current.CancellationToken));
            Assert.Contains(contact, error.Message, StringComparison.Ordinal);
        }

        await node.ContactAsync(["127.0.0.1", "no-such-host.invalid"], TestContext.Current.CancellationToken);
    }

    private static void AssertRefused(GossipNodeOptions options, string option, params string[] says)
    {
        var error = Assert.Single(GossipNodeValidation.Errors(options));
        Assert.StartsWith(option + " must", error, StringComparison.Ordinal);
        Assert.All(says, text => Assert.Contains(text, error, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_unsafe_in_sampling_is_among_the_warnings()
    {
        var pull = PeerSamplingOptions.Recommended with { Propagation = Propagation.Pull };
        Assert.Contains("star", Assert.Single(GossipNodeValidation.Warnings(new GossipNodeOptions { Sampling = pull })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Knobs_that_a_form_does_not_have_are_among_the_warnings()
    {
        Assert.All(PeerSamplingOptions.PresetNames, name =>
        {
            PeerSamplingOptions.TryGetPreset(name, out var preset);
            Assert.Empty(PeerSamplingValidation.Warnings(preset));
        });
        var healing = PeerSamplingOptions.Newscast with { Healing = 3 };
        Assert.Contains("no effect", Assert.Single(PeerSamplingValidation.Warnings(healing)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(600, 0)]
    [InlineData(601, 1)]
    public void Leaving_takes_from_nothing_to_ten_minutes(int seconds, int errors) => Assert.Equal(
        errors,
        GossipNodeValidation.Errors(new GossipNodeOptions { LeaveTimeout = TimeSpan.FromSeconds(seconds) })
            .Count(error => error.StartsWith("LeaveTimeout", StringComparison.Ordinal)));

    [Fact]
    public void An_application_protocol_with_an_id_of_Hearsays_own_is_a_clear_error()
    {
        var options = new GossipNodeOptions { Protocols = [new TestProtocol { Id = 127 }] };
        Assert.Contains("128 to 255, not 127", Assert.Single(GossipNodeValidation.Errors(options)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_with_half_of_a_surrogate_pair_is_refused_because_others_would_have_the_same_label()
    {
        Assert.Equal(Envelope.LabelOf("a\ud800"), Envelope.LabelOf("a\udbff"));
        var error = Assert.Single(GossipNodeValidation.Errors(new GossipNodeOptions { Cluster = "a\ud800" }));
        Assert.StartsWith("Cluster ", error, StringComparison.Ordinal);
        Assert.Empty(GossipNodeValidation.Errors(new GossipNodeOptions { Cluster = "\ud83d\ude00" }));
    }

    [Fact]
    public async Task A_command_for_a_protocol_that_does_not_run_is_refused()
    {
        await using var node = await GossipNode.StartAsync(
            new GossipNodeOptions { Network = new MemoryNetwork() }, TestContext.Current.CancellationToken);
        Assert.False(node.Post(201, "anything"));
    }
}
