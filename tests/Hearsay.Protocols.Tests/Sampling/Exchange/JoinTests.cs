using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

public sealed class JoinTests
{
    private static readonly PeerSamplingOptions _recommended = PeerSamplingOptions.Recommended;

    [Fact]
    public void Two_hundred_nodes_join_through_one_seed_and_nothing_is_dropped()
    {
        var network = Swarm.Start(200);
        network.AfterEvent = node => node.Core.AssertInvariants();
        network.Run(12 * Swarm.Second);

        Assert.Single(network.Components());
        Assert.All(network.Nodes, n => Assert.Equal(30, n.Core.View.Count));
        Assert.All(network.Nodes, n => Assert.Equal(0, n.Core.Counters.ExchangesTimedOut));
        Assert.All(Enum.GetValues<DropReason>(), reason => Assert.Equal(0, network.Dropped(reason)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nodes_that_start_together_are_one_component_with_half_a_view_within_five_seconds(int seed)
    {
        var network = Swarm.Start(256, options: new() { Seed = (ulong)seed }, cycles: 5);
        Assert.Single(network.Components());
        Assert.All(network.Nodes, n => Assert.True(n.Core.View.Count >= 15, $"{n.Index}: {n.Core.View.Count}"));
    }

    [Fact]
    public void The_work_of_joining_does_not_grow_with_the_network()
    {
        static double PacketsPerNode(int nodes) =>
            Swarm.Start(nodes, cycles: 5).Nodes.Average(n => n.Core.Counters.PacketsSent);
        double[] packets = [PacketsPerNode(64), PacketsPerNode(256), PacketsPerNode(1024)];
        Swarm.Say(string.Join(' ', packets));
        Assert.True(packets[2] < 1.2 * packets[0], $"{packets[0]} {packets[1]} {packets[2]} packets per node");
    }

    [Fact]
    public void Seeds_that_never_answer_are_asked_for_ever_with_a_jittered_back_off_up_to_its_cap()
    {
        var network = new VirtualNetwork();
        var seed = VirtualNetwork.AddressOf(900);
        var node = network.Add(seeds: [seed]);
        var asked = new List<Instant>();
        node.OnSend = (to, _) => asked.Add(network.Now);
        network.Run(TimeSpan.FromMinutes(20));

        // Looks at a seed go on beside it, once in twenty cycles or so: the attempts are what is counted.
        Assert.InRange(node.Core.Counters.JoinAttempts, 40, 100);
        Assert.Contains(node.Notices, n => n.Kind == NodeNoticeKind.JoinFailed);
        var last = node.Core.Counters.JoinAttempts;
        network.Run(TimeSpan.FromMinutes(20));
        Assert.InRange(node.Core.Counters.JoinAttempts - last, 40, 80);
        Assert.True(asked.Count >= 80);
    }

    [Fact]
    public void Back_off_doubles_to_half_a_minute_and_is_drawn_from_its_upper_half()
    {
        var node = new Lone(_recommended with { CycleTime = TimeSpan.FromHours(1) });
        var attempts = new List<Instant>();
        for (var seen = 0L; attempts.Count < 40;)
        {
            node.Advance(TimeSpan.FromMilliseconds(10));
            if (node.Core.Counters.JoinAttempts > seen)
            {
                seen = node.Core.Counters.JoinAttempts;
                attempts.Add(node.Now);
            }
        }

        var waits = attempts.Zip(attempts.Skip(1), (a, b) => (b - a).TotalSeconds).ToArray();
        for (var i = 0; i < waits.Length; i++)
        {
            var longest = Math.Min(0.5 * Math.Pow(2, i), 30);
            Assert.InRange(waits[i], (longest / 2) - 0.02, longest + 0.02);
        }

        Assert.True(waits[^20..].Distinct().Count() > 15, "Without jitter nodes come back in step.");
    }

    [Fact]
    public void Joining_succeeds_once_the_seed_appears()
    {
        var network = new VirtualNetwork();
        var seed = network.Add();
        network.Kill(seed);
        for (var i = 1; i < 20; i++)
        {
            network.Add();
        }

        network.Run(TimeSpan.FromMinutes(5));
        Assert.All(network.Up(), n => Assert.Equal(0, n.Core.View.Count));
        network.Restart(seed);
        network.Run(TimeSpan.FromSeconds(45));
        Assert.Single(network.Components());
        Assert.All(network.Up(), n => Assert.Equal(19, n.Core.View.Count));
    }

    [Fact]
    public void A_node_with_no_seed_waits_to_be_found()
    {
        var network = new VirtualNetwork();
        var first = network.Add(seeds: []);
        network.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(0, first.Core.Counters.PacketsSent);
        var second = network.Add();
        network.Run(3 * Swarm.Second);
        Assert.True(first.Knows(second) && second.Knows(first));
        Assert.Single(first.Notices, n => n.Kind == NodeNoticeKind.Joined);
    }

    [Fact]
    public void Several_contacts_are_asked_at_once_and_dead_ones_do_no_harm()
    {
        var network = Swarm.Start(30, cycles: 10);
        NodeAddress[] seeds = [VirtualNetwork.AddressOf(901), VirtualNetwork.AddressOf(902), network.Nodes[3].Address];
        var node = network.Add(seeds: seeds);
        network.Run(TimeSpan.FromMilliseconds(100));
        Assert.True(node.Core.View.Count >= 10);
    }

    [Fact]
    public void A_seed_list_that_names_the_node_itself_is_no_trap()
    {
        var node = new Lone();
        node.Seeds.AddRange([Lone.At(0), Lone.At(55), Lone.At(1)]);
        node.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(node.GiveContacts());
        Assert.DoesNotContain(node.Sent, s => s.To.Address == Lone.At(0));

        // Under another address it meets itself and knows it.
        var own = node.Sent.Single(s => s.To.Address == Lone.At(55));
        node.Sent.Clear();
        node.Receive(Lone.From(55), own.Packet);
        Assert.Empty(node.Sent);
        Assert.Equal(0, node.Core.View.Count);
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.OwnId));
    }

    [Fact]
    public void An_isolated_node_asks_its_contacts_again()
    {
        var network = Swarm.Start(10, cycles: 5);
        var node = network.Nodes[9];
        network.Passes = (a, b) => a != node && b != node;
        network.Run(30 * Swarm.Second);
        Assert.Equal(0, node.Core.View.Count);
        Assert.Contains(node.Notices, n => n.Kind == NodeNoticeKind.Isolated);
        network.Passes = null;
        network.Run(40 * Swarm.Second);
        Assert.Equal(9, node.Core.View.Count);
        Assert.Single(network.Components());
    }

    [Fact]
    public void Another_address_than_the_advertised_one_is_told_once()
    {
        var node = new Lone();
        var seen = NodeAddress.FromIPv4(0xC0A80001, 7000);
        for (var i = 0; i < 3; i++)
        {
            node.Push(1);
            node.Sent.Clear();
            node.BeginCycle();
            var nonce = Swarm.ReadExchange(node.Sent[0].Packet).Nonce;
            node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), SamplingMessage.Reply, b => b
                .UInt64(nonce).Byte(0).UInt64(0).UInt64(0xFFFF_C0A8_0001).UInt16(7000).Byte(0)));
        }

        var notice = Assert.Single(node.Notices, n => n.Kind == NodeNoticeKind.AddressMismatch);
        Assert.Equal(seen, notice.Address);
    }

    [Fact]
    public void A_translator_that_shows_every_contact_another_port_is_told_of_ever_more_rarely()
    {
        var node = new Lone();
        for (var i = 0; i < 480; i++)
        {
            node.Stall(Swarm.Second);
            node.Push(1);
            node.Sent.Clear();
            node.BeginCycle();
            var (nonce, port) = (Swarm.ReadExchange(node.Sent[0].Packet).Nonce, (ushort)(7000 + (i % 3)));
            node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), SamplingMessage.Reply, b => b
                .UInt64(nonce).Byte(0).UInt64(0).UInt64(0xFFFF_C0A8_0001).UInt16(port).Byte(0)));
        }

        // At once, and after 1, 3 and 7 minutes; every one of the replies differs from the one before.
        Assert.Equal(4, node.Notices.Count(n => n.Kind == NodeNoticeKind.AddressMismatch));
    }

    [Fact]
    public void Looks_are_rare_and_leave_the_seed_with_the_in_degree_of_anybody()
    {
        var network = Swarm.Start(200, cycles: 20);
        var (before, cycles) = (Recontacts(network), 200);
        var sums = network.Nodes.ToDictionary(node => node.Core.Self.Id, _ => 0.0);
        for (var t = 0; t < cycles; t += 10)
        {
            network.Run(10 * Swarm.Second);
            foreach (var (id, degree) in network.InDegrees())
            {
                sums[id] += degree / (cycles / 10.0);
            }
        }

        var mean = sums.Values.Average();
        var deviation = Math.Sqrt(sums.Values.Average(sum => (sum - mean) * (sum - mean)));
        Assert.InRange((Recontacts(network) - before) / (200.0 * cycles), 0.02, 0.06);
        Assert.InRange((sums[network.Nodes[0].Core.Self.Id] - mean) / deviation, -3, 3);
    }

    [Fact]
    [Campaign]
    public void Looks_do_not_bend_the_overlay()
    {
        // Each look takes one entry. Taking the whole answer doubled the deviation of a swapper at this size.
        var looks = Deviation(PeerSamplingOptions.Swapper);
        var none = Deviation(PeerSamplingOptions.Swapper with { RecontactCycles = 100_000 });
        Assert.InRange(looks / none, 0.9, 1.15);
    }

    private static double Deviation(PeerSamplingOptions options)
    {
        var network = Swarm.Start(500, cycles: 40, sampling: options);
        var sum = 0.0;
        for (var t = 0; t < 20; t++)
        {
            network.Run(2 * Swarm.Second);
            var degrees = network.InDegrees().Values.Select(degree => (double)degree).ToArray();
            sum += Math.Sqrt(degrees.Average(degree => (degree - 30) * (degree - 30)));
        }

        return sum / 20;
    }

    private static long Recontacts(VirtualNetwork network) => network.Nodes.Sum(n => n.Core.Counters.Recontacts);
}
