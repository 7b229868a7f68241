using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

/// <summary>Seeds that are asked for again while the node has peers.</summary>
public sealed class SeedTests
{
    private static readonly PeerSamplingOptions _recommended = PeerSamplingOptions.Recommended;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Islands_of_a_name_that_was_incomplete_merge_once_it_is_complete(int seed)
    {
        var network = new VirtualNetwork(new() { Seed = (ulong)seed });
        NodeAddress[] all = [.. Enumerable.Range(0, 4).Select(VirtualNetwork.AddressOf)];
        for (var i = 0; i < 4; i++)
        {
            network.Add(seeds: i < 2 ? all[..2] : all[2..]);
        }

        network.Run(60 * Swarm.Second);
        Assert.Equal([2, 2], network.Components());

        foreach (var node in network.Nodes)
        {
            node.Seeds = all;
        }

        network.Run(75 * Swarm.Second);
        Assert.Single(network.Components());
        Assert.All(network.Nodes, node => Assert.Equal(3, node.Core.View.Count));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void A_node_with_peers_asks_for_its_seeds_for_ever_but_rarely(int cycleMilliseconds)
    {
        var cycle = TimeSpan.FromMilliseconds(cycleMilliseconds);
        var node = new Lone(_recommended with { CycleTime = cycle, EvictOnTimeout = false });
        node.Push(1);
        node.Advance(TimeSpan.FromMinutes(30));
        var asked = node.SeedRequests;
        node.Advance(TimeSpan.FromHours(3));

        // Re-contacts come every twenty cycles in the mean; a quarter of a minute is the least.
        var longest = Math.Max(15, 30 * cycle.TotalSeconds) + cycle.TotalSeconds;
        Assert.InRange(node.SeedRequests - asked, 3 * 3600 / longest * 0.9, (3 * 3600 / 15) + 1);
    }

    [Fact]
    public void A_node_with_peers_only_looks_at_seeds_and_at_those_only_that_the_last_answer_named()
    {
        var node = new Lone(_recommended with { EvictOnTimeout = false });
        node.Push(1);
        node.Core.SeedsResolved(node.Now, [Lone.At(50), Lone.At(51)]);
        node.Advance(TimeSpan.FromMinutes(5));
        var before = Looks(node);
        Assert.Equal([Lone.At(50), Lone.At(51)], before.Distinct().Order(_byText));

        node.Sent.Clear();
        node.Core.SeedsResolved(node.Now, [Lone.At(60), Lone.At(0), Lone.At(1)]);
        node.Advance(TimeSpan.FromMinutes(5));

        // Neither itself nor who is in its view anyway.
        Assert.Equal([Lone.At(60)], Looks(node).Distinct());
        Assert.DoesNotContain(node.Sent, sent => IsJoin(sent.Packet));
    }

    [Fact]
    public void Contacts_of_the_application_stay_when_the_seeds_are_resolved_anew()
    {
        var node = new Lone(_recommended with { EvictOnTimeout = false });
        node.Push(1);
        node.Core.Contact(node.Now, [Lone.At(70)]);
        node.Core.SeedsResolved(node.Now, [Lone.At(50)]);
        node.Sent.Clear();
        node.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal([Lone.At(50), Lone.At(70)], Looks(node).Distinct().Order(_byText));
    }

    [Fact]
    public void Seeds_that_come_one_name_after_the_other_are_asked_three_at_a_time()
    {
        var node = new Lone();
        node.Advance(TimeSpan.FromMilliseconds(1));
        for (var known = 1; known <= 20; known++)
        {
            node.Core.SeedsResolved(node.Now, [.. Enumerable.Range(100, known).Select(Lone.At)]);
        }

        Assert.Equal(3, node.Sent.Count(sent => IsJoin(sent.Packet)));
    }

    [Fact]
    public void Who_got_in_by_a_push_meanwhile_still_joins_through_its_seeds_once()
    {
        var node = new Lone(_recommended with { EvictOnTimeout = false });
        node.Advance(TimeSpan.FromMilliseconds(1));
        node.Push(1);
        node.Core.SeedsResolved(node.Now, [Lone.At(50)]);
        var join = Assert.Single(node.Sent, sent => IsJoin(sent.Packet));
        var nonce = Swarm.ReadExchange(join.Packet).Nonce;
        node.Receive(Lone.From(50), Lone.Reply(50, nonce, false, Lone.Of(50), Lone.Of(51)));
        Assert.True(node.Knows(51));

        node.Sent.Clear();
        node.Core.SeedsResolved(node.Now, [Lone.At(60)]);
        Assert.DoesNotContain(node.Sent, sent => IsJoin(sent.Packet));
    }

    private static readonly Comparer<NodeAddress> _byText =
        Comparer<NodeAddress>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    private static NodeAddress[] Looks(Lone node) =>
        [.. node.Sent.Where(sent => Has(sent.Packet, ExchangeMode.Look)).Select(sent => sent.To.Address)];

    private static bool IsJoin(byte[] packet) => Has(packet, ExchangeMode.Join);

    private static bool Has(byte[] packet, ExchangeMode mode) =>
        Swarm.FirstFrame(packet) is (SamplingMessage.Protocol, SamplingMessage.Request, _)
        && (Swarm.ReadExchange(packet).Mode & mode) != 0;
}
