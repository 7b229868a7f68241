using Hearsay.Protocols;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Security;
using Hearsay.Simulation.Network;
using Hearsay.Simulation.Tests.Fuzz;

namespace Hearsay.Simulation.Tests.Network;

/// <summary>Attackers on the path of whole nodes: they drop, keep back, change, repeat, reflect and redirect.</summary>
public sealed class PathAttackerTests
{
    private const string Everywhere = "attack@5000:0,1,2,3,4,5,6,7,8,9,10,11+40000*0.3";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_mode_key_nothing_is_opened_that_an_attacker_made_repeated_or_sent_elsewhere(ulong seed)
    {
        var outcome = FuzzRun.Run(Attacked(seed), new SodiumCipher());
        Assert.Null(outcome.Message);
        Assert.True(outcome.Links.Tampered > 200, $"{outcome.Links.Tampered} tampered");
        Assert.True(outcome.Links.Injected > 200, $"{outcome.Links.Injected} injected");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_mode_identity_nothing_is_opened_that_an_attacker_made_repeated_or_sent_elsewhere(ulong seed)
    {
        var outcome = FuzzRun.Run(Attacked(seed), cipher: null, identities: new SeededFuzzIdentities());
        Assert.Null(outcome.Message);
        Assert.True(outcome.Links.Tampered > 200, $"{outcome.Links.Tampered} tampered");
        Assert.True(outcome.Links.Injected > 200, $"{outcome.Links.Injected} injected");
    }

    [Fact]
    public void The_rule_finds_a_node_of_mode_identity_that_does_not_look_at_tags() => Assert.Equal(
        "forged",
        FuzzRun.Run(
            Attacked(seed: 1), null, identities: new SeededFuzzIdentities(new NoCipher(new SodiumCipher()))).Rule);

    [Fact]
    public void The_rule_finds_a_node_that_does_not_look_at_tags() =>
        Assert.Equal("forged", FuzzRun.Run(Attacked(seed: 1), new NoCipher(new SodiumCipher())).Rule);

    [Fact]
    public void A_network_is_whole_again_after_an_attack()
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 4 });
        var security = Hearsay.Tests.SeededCipher.Security(seed: 4);
        for (var i = 0; i < 12; i++)
        {
            network.Add(configure: options => options with { Security = security });
        }

        Assert.True(FaultPlan.TryParse(Everywhere, out var plan));
        Assert.Equal(Everywhere, plan.ToString());
        var injector = new FaultInjector(network, plan);
        injector.RunUntil(Instant.Zero + TimeSpan.FromSeconds(45));
        Assert.Equal(1, injector.Counts[(int)FaultKind.Attack]);
        var refused = network.Nodes.Sum(node => node.Core.Counters.Dropped(DropReason.NotAuthentic));
        Assert.True(refused > 100, $"{refused}");
        injector.RunUntil(Instant.Zero + TimeSpan.FromSeconds(120));
        Assert.All(network.Nodes, node => Assert.Equal(11, node.Core.View.Count));
        var tampered = network.Counters.Tampered;
        injector.RunUntil(Instant.Zero + TimeSpan.FromSeconds(130));
        Assert.Equal(tampered, network.Counters.Tampered);
    }

    [Fact]
    public void Campaigns_in_mode_key_have_attackers_and_others_are_as_they_were()
    {
        var cases = Enumerable.Range(0, 30).Select(seed => FuzzCase.FromSeed((ulong)seed)).ToArray();
        Assert.All(cases, one => Assert.DoesNotContain(one.Plan.Faults, fault => fault.Kind == FaultKind.Attack));
        var attacked = cases.Select(one => one.WithAttackers()).ToArray();
        Assert.InRange(attacked.Count(one => one.Plan.Faults.Any(fault => fault.Kind == FaultKind.Attack)), 10, 28);
        Assert.All(attacked, one =>
        {
            Assert.True(FaultPlan.TryParse(one.Plan.ToString(), out var again));
            Assert.Equal(one.Plan.ToString(), again.ToString());
        });
    }

    private static FuzzCase Attacked(ulong seed)
    {
        Assert.True(FaultPlan.TryParse(Everywhere, out var plan));
        return FuzzCase.FromSeed(seed) with
        {
            Nodes = 12, Plan = plan, Links = new LinkModel(), Sampling = PeerSamplingOptions.Recommended,
            Trouble = TimeSpan.FromSeconds(60), EndsQuietly = true,
        };
    }

    /// <summary>Encrypts nothing, and takes any tag.</summary>
    private sealed class NoCipher(RecordCipher inner) : RecordCipher
    {
        public override void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> boot, Span<byte> bootKey) =>
            inner.Derive(key, boot, bootKey);

        public override void Seal(
            ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag) =>
            tag.Clear();

        public override bool TryOpen(
            ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, ReadOnlySpan<byte> closed,
            ReadOnlySpan<byte> tag, Span<byte> text)
        {
            closed.CopyTo(text);
            return true;
        }

        public override void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) =>
            inner.Hash(key, data, hash);

        public override void Fill(Span<byte> random) => inner.Fill(random);
    }
}
