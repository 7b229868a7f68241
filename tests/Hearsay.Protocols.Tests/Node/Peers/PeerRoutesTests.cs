using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Peers;

/// <summary>Which of a peer's two addresses is used.</summary>
public sealed class PeerRoutesTests
{
    private readonly NodeCounters _counters = new();
    private readonly PeerTable _peers = new(64, 1);
    private readonly Host _host = new();
    private readonly PeerRoutes _routes;

    public PeerRoutesTests() => _routes = Routes(16);

    [Fact]
    public void Nothing_is_kept_for_peers_with_one_address_or_hosts_with_one_family()
    {
        for (var i = 1; i < 100; i++)
        {
            var one = new NodeAddresses(IPv4(i));
            Assert.Equal(IPv4(i), _routes.To(Id(i), one));
            _routes.Asked(Id(i), one, IPv4(i));
            _routes.Answered(Id(i), one, IPv4(i));
            Assert.Equal(NodeAddress.None, _routes.Unanswered(Id(i), one, IPv4(i)));
        }

        _host.SpeaksIPv6 = false;
        Assert.Equal(IPv4(1), _routes.To(Id(1), Both(1)));
        Assert.Equal(NodeAddress.None, _routes.To(Id(1), new NodeAddresses(IPv6(1))));
        Assert.Equal(NodeAddress.None, _routes.Unanswered(Id(1), Both(1), IPv4(1)));
        _routes.Heard(Id(1), new Link(IPv6(1), LinkKind.Datagram));
        _routes.Asked(Id(1), Both(1), IPv4(1));
        _routes.Answered(Id(1), Both(1), IPv4(1));
        Assert.Equal(0, _routes.StateBytes);
    }

    [Fact]
    public void A_time_out_turns_to_the_other_address_and_a_second_one_ends_the_search()
    {
        Assert.Equal(IPv4(1), _routes.To(Id(1), Both(1)));
        Assert.Equal(IPv6(1), _routes.Unanswered(Id(1), Both(1), IPv4(1)));
        Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
        Assert.Equal(IPv6(1), _routes.Unanswered(Id(1), Both(1), IPv4(1)));
        Assert.Equal(NodeAddress.None, _routes.Unanswered(Id(1), Both(1), IPv6(1)));
        Assert.Equal(IPv6(1), _routes.Unanswered(Id(1), Both(1), IPv4(1)));
    }

    [Fact]
    public void An_answer_makes_the_other_address_worth_a_try_again()
    {
        _routes.Unanswered(Id(1), Both(1), IPv4(1));
        _routes.Answered(Id(1), Both(1), IPv6(1));
        Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
        Assert.Equal(IPv4(1), _routes.Unanswered(Id(1), Both(1), IPv6(1)));
        Assert.Equal(NodeAddress.None, _routes.Unanswered(Id(1), Both(1), IPv4(1)));
        Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
    }

    [Fact]
    public void Who_moves_begins_anew()
    {
        _routes.Answered(Id(1), Both(1), IPv6(1));
        Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
        _routes.Answered(Id(2), Both(2), IPv4(2));
        Assert.Equal(IPv4(3), _routes.To(Id(1), Both(3)));
        Assert.Equal(IPv6(3), _routes.Unanswered(Id(1), Both(3), IPv4(3)));
        Assert.Equal(NodeAddress.None, _routes.Unanswered(Id(1), Both(3), IPv6(1)));
    }

    [Fact]
    public void What_is_heard_counts_only_from_an_address_of_the_peer()
    {
        _peers.Learn(new Descriptor(Id(1), 1, 0, Both(1), MetadataPresence.None, default), out _);
        _routes.To(Id(1), Both(1));
        _routes.Heard(Id(1), new Link(IPv6(2), LinkKind.Datagram));
        _routes.Heard(Id(2), new Link(IPv6(1), LinkKind.Datagram));
        _routes.Heard(Id(1), new Link(IPv6(1), LinkKind.Stream));
        Assert.Equal(IPv4(1), _routes.To(Id(1), Both(1)));
        _routes.Heard(Id(1), new Link(IPv6(1), LinkKind.Datagram));
        Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
    }

    [Fact]
    public void A_protocol_whose_frame_is_lost_turns_the_route_unless_the_peer_was_heard_there_since()
    {
        _routes.Unanswered(Id(1), Both(1));
        Assert.Equal(IPv4(1), _routes.To(Id(1), Both(1)));
        _routes.Asked(Id(1), Both(1), IPv4(1));
        _routes.Answered(Id(1), Both(1), IPv4(1));
        _routes.Unanswered(Id(1), Both(1));
        Assert.Equal(IPv4(1), _routes.To(Id(1), Both(1)));
        _routes.Asked(Id(1), Both(1), IPv4(1));
        _routes.Answered(Id(1), Both(1), IPv6(1));
        _routes.Unanswered(Id(1), Both(1));
        Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
        _routes.Answered(Id(2), Both(2), IPv6(2));
        _routes.Asked(Id(2), Both(2), IPv6(2));
        _routes.Unanswered(Id(2), Both(2));
        _routes.Unanswered(Id(2), Both(2));
        Assert.Equal(IPv4(2), _routes.To(Id(2), Both(2)));
        Assert.Equal(2, _counters.Reroutes);
    }

    [Fact]
    public void To_a_family_that_is_dead_nobody_is_turned_by_a_lost_frame_but_sampling_tries_it()
    {
        _routes.Unanswered(Id(1), Both(1), IPv4(1));
        _routes.Answered(Id(1), Both(1), IPv6(1));
        for (var i = 0; i < 3; i++)
        {
            _routes.Asked(Id(1), Both(1), IPv6(1));
            _routes.Unanswered(Id(1), Both(1));
            Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
        }

        Assert.Equal(IPv4(1), _routes.Unanswered(Id(1), Both(1), IPv6(1)));
        Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
        _routes.Answered(Id(1), Both(1), IPv4(1));
        Assert.Equal(IPv4(1), _routes.To(Id(1), Both(1)));
        _routes.Answered(Id(1), Both(1), IPv6(1));
        _routes.Asked(Id(1), Both(1), IPv6(1));
        _routes.Unanswered(Id(1), Both(1));
        Assert.Equal(IPv4(1), _routes.To(Id(1), Both(1)));
    }

    [Fact]
    public void Both_addresses_of_a_peer_that_was_given_up_are_tried_when_it_is_met_again()
    {
        for (var life = 0; life < 3; life++)
        {
            var first = _routes.To(Id(1), Both(1));
            var second = _routes.Unanswered(Id(1), Both(1), first);
            Assert.NotEqual(NodeAddress.None, second);
            Assert.NotEqual(first, second);
            Assert.Equal(NodeAddress.None, _routes.Unanswered(Id(1), Both(1), second));
        }
    }

    [Fact]
    public void The_record_is_bounded_and_says_how_many_it_forgot()
    {
        for (var i = 1; i <= 1000; i++)
        {
            _routes.Answered(Id(i), Both(i), IPv6(i));
        }

        var full = _routes.StateBytes;
        Assert.InRange(_counters.RoutesForgotten, 1000 - 16, 1000 - 4);
        for (var i = 1; i <= 1000; i++)
        {
            _routes.Answered(Id(i), Both(i), IPv6(i));
        }

        Assert.Equal(full, _routes.StateBytes);
        Assert.InRange(full, 16, 16 * 80);
    }

    [Fact]
    public void A_peer_in_use_is_not_forgotten_for_those_met_once()
    {
        _routes.Answered(Id(1), Both(1), IPv6(1));
        for (var i = 2; i <= 300; i++)
        {
            _routes.Answered(Id(i), Both(i), IPv4(i));
            _routes.Answered(Id(1), Both(1), IPv6(1));
        }

        Assert.Equal(IPv6(1), _routes.To(Id(1), Both(1)));
    }

    [Fact]
    public void Nothing_is_allocated_once_it_is_in_use()
    {
        void Pass()
        {
            for (var i = 1; i <= 50; i++)
            {
                var route = _routes.To(Id(i), Both(i));
                _routes.Asked(Id(i), Both(i), route);
                _routes.Unanswered(Id(i), Both(i));
                _routes.Unanswered(Id(i), Both(i), route);
                _routes.Heard(Id(i), new Link(IPv6(i), LinkKind.Datagram));
            }
        }

        Pass();
        Assert.Equal(0, SteadyState.Bytes(Pass));
    }

    private static NodeId Id(int number) => new(0xD5, (ulong)number);

    private static NodeAddress IPv4(int number) => VirtualNetwork.AddressOf(number);

    private static NodeAddress IPv6(int number) =>
        NodeAddress.FromIPv6(0xFD00_0077_0000_0000, (ulong)number, 7000);

    private static NodeAddresses Both(int number) => new(IPv4(number), IPv6(number));

    private PeerRoutes Routes(int capacity) => new(
        _host, new SelfDescription(Id(10_000), 1, Both(10_000), []), _peers, _counters, capacity, hashKey: 5);

    private sealed class Host : INodeDriver
    {
        public bool SpeaksIPv6 { get; set; } = true;

        public bool CanReach(in NodeAddress address) => address.IsIPv4 || SpeaksIPv6;

        public bool Send(in Link to, ReadOnlySpan<byte> packet) => true;

        public void ResolveContacts()
        {
        }

        public void Notify(in NodeNotice notice)
        {
        }

        public void OnViewChange(in ViewChange change)
        {
        }

        public void Publish(byte protocol, object happened)
        {
        }
    }
}
