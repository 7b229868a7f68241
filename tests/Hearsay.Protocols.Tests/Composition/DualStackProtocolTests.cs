using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Tests.Aggregation;

namespace Hearsay.Protocols.Tests.Composition;

/// <summary>
/// Every protocol that waits for an answer tells the node when none comes, and the next frame goes elsewhere.
/// </summary>
public sealed class DualStackProtocolTests
{
    /// <summary>Peer sampling keeps quiet: what turns the route is the protocol's own doing.</summary>
    private static readonly PeerSamplingOptions _quiet = new() { CycleTime = TimeSpan.FromHours(1) };

    private static readonly AggregationOptions _options = new();

    private static readonly AggregateDefinition _load = new("load", AggregateKind.Average) { Minimum = 0, Maximum = 9 };

    private static readonly NodeAddresses _both =
        new(Lone.At(1), NodeAddress.FromIPv6(0xFD00_0077_0000_0000, 2, 7000));

    [Fact]
    public void Stable_neighbours_ask_again_at_the_other_address() => AssertBothAreTried(new NeighboursProtocol());

    [Fact]
    public void Aggregation_asks_again_at_the_other_address() =>
        AssertBothAreTried(new AggregationProtocol(_options, null, null));

    [Fact]
    public void Flow_updating_asks_again_at_the_other_address() => AssertBothAreTried(
        new FlowUpdatingProtocol(_options, null, null), _load with { Method = AggregateMethod.FlowUpdating });

    [Fact]
    public void A_tournament_asks_again_at_the_other_address()
    {
        var tournament = new TournamentProtocol(_options, null, null);
        tournament.Attach(new Epochs());
        AssertBothAreTried(tournament, new AggregateDefinition("load", AggregateKind.Quantile)
        {
            Quantile = 0.5, Precision = 0.1, Method = AggregateMethod.Tournament, Minimum = 0, Maximum = 9,
        });
    }

    [Fact]
    public void A_link_that_falls_silent_is_probed_at_both_addresses()
    {
        var node = Start(new NeighboursProtocol());
        node.Advance(TimeSpan.FromMilliseconds(1));
        var (ask, body) = Last(node, NeighbourMessage.Protocol);
        Assert.Equal(NeighbourMessage.Ask, ask);
        Answer(node, NeighbourMessage.Accept, b => b.Raw(body[..8]).UInt64(77));
        var (confirm, _) = Last(node, NeighbourMessage.Protocol);
        Assert.Equal(NeighbourMessage.Confirm, confirm);
        Answer(node, NeighbourMessage.Pong, b => b.UInt64(77).Raw([0, 0, 0, 1]));
        node.Sent.Clear();
        node.Advance(TimeSpan.FromSeconds(30));
        var probes = node.Sent.Where(sent => Swarm.FirstFrame(sent.Packet).Type == NeighbourMessage.Ping).ToArray();
        Assert.Contains(probes, probe => probe.To.Address == _both.IPv4);
        Assert.Contains(probes, probe => probe.To.Address == _both.IPv6);
    }

    private static void AssertBothAreTried(IProtocol protocol, AggregateDefinition? definition = null)
    {
        var node = Start(definition is null ? protocol : new DefinedDirectly(protocol));
        if (definition is not null)
        {
            node.Core.Post(node.Now, protocol.Id, new AggregationCommand.Define(definition));
        }

        for (var cycle = 0; cycle < 200; cycle++)
        {
            node.Advance(TimeSpan.FromSeconds(1));
            if (definition is not null)
            {
                var id = AggregateDefinitionCodec.IdOf(definition);
                for (var epoch = 0; epoch < 20; epoch++)
                {
                    node.Core.Post(
                        node.Now, protocol.Id,
                        new AggregationCommand.ProvideValue(id, epoch, new AggregateInput(3)));
                }
            }
        }

        var sent = node.Sent.Select(packet => (packet.To.Address, Swarm.FirstFrame(packet.Packet).Protocol)).ToArray();
        Assert.DoesNotContain(sent, frame => frame.Protocol == SamplingMessage.Protocol);
        Assert.Equal(_both.IPv4, sent[0].Address);
        Assert.Contains(sent, frame => frame.Address == _both.IPv6);
        Assert.True(node.Core.Counters.Reroutes > 0);
        Assert.Equal(0, node.Core.Counters.ProtocolFaults);
    }

    private static Lone Start(IProtocol protocol)
    {
        var node = new Lone(_quiet, options => options with { Protocols = [protocol] });
        node.Push(2, new Lone.Entry(Lone.Id(1), 1, 0, _both));
        node.Receive(Lone.From(2), Lone.Packet(Lone.Id(2), SamplingMessage.Leave, body => body.UInt64(1)));
        node.Sent.Clear();
        return node;
    }

    private static (byte Type, byte[] Body) Last(Lone node, byte protocol)
    {
        var (_, type, body) = Swarm.FirstFrame(
            node.Sent.Last(sent => Swarm.FirstFrame(sent.Packet).Protocol == protocol).Packet);
        return (type, body);
    }

    private static void Answer(Lone node, byte type, Action<Lone.Body> write) => node.Receive(
        new Link(_both.IPv4, LinkKind.Datagram), Lone.Packet(Lone.Id(1), NeighbourMessage.Protocol, type, write));

    /// <summary>The epochs that a tournament goes by, without aggregation, which would turn the route itself.</summary>
    private sealed class Epochs : IAggregationHost
    {
        public Epochs() => Clock.Begin(Instant.Zero);

        public EpochClock Clock { get; } = new(_options);

        public NetworkSizeEstimate? Size => null;

        public EpochVerdict Follow(in AggregationHeader header) => EpochVerdict.Same;
    }
}
