using Hearsay.Protocols;

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
        Assert.Equal(warnings, told.Count);
        Assert.All(told, warning => Assert.Contains("Bind", warning, StringComparison.Ordinal));
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
