using CsCheck;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// The rule of SECURITY.md as a property: whatever frames somebody who is nowhere throws at nodes among honest ones,
/// (1) handling one draws no more bytes and packets than it brought, (2) addresses that never answered get a small
/// packet a cycle until their tries are used up, (3) what all nodes send afterwards is bounded.
/// </summary>
public sealed class RandomFramesTests
{
    private const int Nodes = 6;

    /// <summary>After the last packet was thrown.</summary>
    private const int CyclesAfter = 8;

    /// <summary>
    /// What the nodes may send more in datagrams, beyond the bytes that came: this share of what they send without the
    /// packets. Two runs of the same nodes differ by half of it when one message takes another way.
    /// </summary>
    private const double MostMore = 0.15;

    private static readonly TimeSpan Cycle = WholeNodes.Cycle;

    /// <summary>A dozen cases; more with the environment variable CsCheck_Iter, each a third of a second.</summary>
    [Fact]
    public void Whatever_is_thrown_from_addresses_that_never_answer_draws_no_more_than_the_rule_allows() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 3], Thrown.Any.Array[50, 100])
            .Sample((seed, kind, packets) => Assert.Null(Broken(seed, kind, packets, vouched: [])), iter: Cases);

    private static long Cases => Environment.GetEnvironmentVariable("CsCheck_Iter") is null ? 12 : Check.Iter;

    /// <summary>The control: nodes whose operator vouches for the addresses do what the guard prevents.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Where_the_guard_is_told_that_those_addresses_are_good_the_same_packets_break_the_rule(int kind)
    {
        var random = SeededRandom.For(5, 5, 5, 5);
        var packets = new Thrown[200];
        for (var i = 0; i < packets.Length; i++)
        {
            packets[i] = new Thrown(random.NextUInt64(), 1 + (i % 4), i % Thrown.Sources, 5);
        }

        Assert.Null(Broken(1, kind, packets, vouched: []));
        Assert.NotNull(Broken(1, kind, packets, vouched: Thrown.Repeated));
    }

    /// <summary>Throws the packets and compares with the same nodes left alone.</summary>
    /// <returns>What was broken, or null.</returns>
    private static string? Broken(ulong seed, int kind, Thrown[] packets, NodeAddress[] vouched)
    {
        var (nodes, twin) = (Make(seed, kind, vouched), Make(seed, kind, vouched));
        var rule = new StrangerRule(nodes);
        var (specimens, before, thrown) = (new Specimens(nodes), nodes.Sent.Count, 0L);
        Assert.Equal(before, twin.Sent.Count);
        for (var i = 0; i < packets.Length; i++)
        {
            Array.ForEach([nodes, twin], all => all.Network.Run(packets[i].Pause * Cycle / 100));
            specimens = i % 20 == 19 ? new Specimens(nodes) : specimens;
            var (target, packet) = packets[i].Make(nodes, specimens);
            thrown += packet.Length;
            if (rule.Hit(target, packets[i].From(i), packet) is { } broken)
            {
                return broken;
            }
        }

        Array.ForEach([nodes, twin], static all => all.Run(CyclesAfter));
        var (with, without) = (BytesSince(nodes, before), BytesSince(twin, before));
        Swarm.Say($"Kind {kind}: {packets.Length} packets of {thrown} bytes drew {with - without} beside {without}.");
        return rule.Judge() ?? (with - without <= thrown + (MostMore * without) ? null
            : $"{thrown} bytes drew {with - without} more than the {without} without them: "
                + MostOf(nodes, twin, before));
    }

    private static WholeNodes Make(ulong seed, int kind, NodeAddress[] vouched)
    {
        var nodes = new WholeNodes(
            Nodes, kind % 2 == 0 ? PeerSamplingOptions.Recommended : PeerSamplingOptions.Cyclon,
            new VirtualNetworkOptions { Seed = seed, Loss = 0.05, KeepsNotices = false },
            kind < 2 ? BroadcastMode.Auto : BroadcastMode.Fanout, vouched);
        nodes.Run(12);
        nodes.Network.Kill(nodes.Members[^1].Node);
        nodes.Run(3);
        return nodes;
    }

    private static long BytesSince(WholeNodes nodes, int before) =>
        Counted(nodes, before).Sum(static sending => (long)sending.Packet.Length);

    private static IEnumerable<WholeNodes.Sending> Counted(WholeNodes nodes, int before) =>
        nodes.Sent.Skip(before)
            .Where(static sending => sending.To.Kind == LinkKind.Datagram);

    /// <summary>The frame types, as protocol and type, of which most more was sent.</summary>
    private static string MostOf(WholeNodes nodes, WholeNodes twin, int before)
    {
        var without = BytesByType(twin, before);
        var more = BytesByType(nodes, before)
            .Select(of => (of.Key, More: of.Value - without.GetValueOrDefault(of.Key)))
            .OrderByDescending(static of => of.More).Take(6);
        return string.Join(", ", more.Select(static of => $"{of.Key.Protocol}.{of.Key.Type} {of.More}"));
    }

    private static Dictionary<(byte Protocol, byte Type), long> BytesByType(WholeNodes nodes, int before) =>
        Counted(nodes, before).GroupBy(static sending => Swarm.FirstFrame(sending.Packet) is var (protocol, type, _)
            ? (protocol, type) : default).ToDictionary(
            static group => group.Key, static group => group.Sum(static sending => (long)sending.Packet.Length));
}
