using CsCheck;
using Hearsay.Protocols.Neighbours;
using Hearsay.Simulation;
using Hearsay.Simulation.Neighbours;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>Frames that nobody should send.</summary>
public sealed class HostileTests
{
    [Fact]
    public void Random_bytes_never_throw_and_keep_the_state_in_bounds() => Gen.Select(
        Gen.Byte[0, 12], Gen.Int[0, 12], Gen.Byte.Array[0, 200]).Array[1, 60].Sample(frames =>
        {
            var node = new Machine();
            node.Fill(3);
            foreach (var (type, from, body) in frames)
            {
                node.Send(from, type, body);
            }

            Assert.Equal(0, node.Core.Counters.ProtocolFaults);
            Assert.InRange(node.Protocol.SpareCount, 0, 30);
        }, iter: 300, seed: "0000KTGUdWg4");

    [Fact]
    public void Frames_of_a_real_network_with_bits_flipped_bytes_cut_and_copies_never_throw()
    {
        var frames = new List<(int To, int From, byte Type, byte[] Body)>();
        var swarm = Recorded(frames);
        var random = new SeededRandom(99);
        for (var i = 0; i < 10_000; i++)
        {
            var (to, from, type, body) = frames[random.Below(frames.Count)];
            var bad = body.AsSpan(0, random.Below(4) == 0 ? random.Below(body.Length + 1) : body.Length).ToArray();
            for (var flips = random.Below(3); flips > 0 && bad.Length > 0; flips--)
            {
                bad[random.Below(bad.Length)] ^= (byte)(1 << random.Below(8));
            }

            var node = swarm.Network.Nodes[to];
            var sender = swarm.Network.Nodes[from];
            var packet = Lone.Packet(sender.Core.Self.Id, NeighbourMessage.Protocol, type, b => b.Raw(bad));
            swarm.Network.Inject(node, new Link(sender.Address, LinkKind.Datagram), packet);
            swarm.Neighbours[to].AssertInvariants();
            if (i % 100 == 0)
            {
                swarm.Network.Run(TimeSpan.FromMilliseconds(10));
            }
        }

        Assert.Equal(0, swarm.Network.Nodes.Sum(node => node.Core.Counters.ProtocolFaults));
        Assert.True(swarm.Sum(c => c.Malformed) > 500);
        swarm.Network.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(20, swarm.LargestComponent());
        Assert.Equal(0, swarm.OneSided());
    }

    [Fact]
    public void A_flood_of_askers_under_forged_addresses_takes_no_neighbour_and_leaves_nothing_behind()
    {
        var node = new Machine();
        node.Fill();
        for (var i = 0; i < 2_000; i++)
        {
            node.Send(1000 + i, NeighbourMessage.Ask, b => b.UInt64((ulong)i).Id(Lone.Id(0)).Byte(1)
                .Entries(new Lone.Entry(Lone.Id(1000 + i), 1, 0, Lone.AddressesOf(7))));
        }

        Assert.Equal(Enumerable.Range(1, 5), Enumerable.Range(1, 5).Where(node.Has));
        Assert.Equal(0, node.Protocol.SpareCount);
        Assert.Equal(0, node.Protocol.Requests.Count);
    }

    [Fact]
    public void The_pings_of_a_packet_are_answered_by_one_packet_that_is_no_longer()
    {
        var node = new Machine();
        node.Fill(1);
        var ping = new byte[12];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(ping, node.Link(1));
        var packet = Node.Guard.WholeNodes.Packet(
            Lone.Id(1), [.. Enumerable.Repeat((NeighbourMessage.Protocol, NeighbourMessage.Ping, ping), 72)]);
        var before = node.SentBytes;
        node.Receive(1, packet);
        Assert.Single(node.Sent());
        Swarm.Say($"72 pings of {packet.Length} bytes drew {node.SentBytes - before}.");
        Assert.InRange(node.SentBytes - before, 12, packet.Length);
    }

    private static NeighbourSwarm Recorded(List<(int To, int From, byte Type, byte[] Body)> frames)
    {
        var swarm = new NeighbourSwarm();
        swarm.Add(20, TimeSpan.FromMilliseconds(50));
        foreach (var node in swarm.Network.Nodes)
        {
            node.OnSend = (to, packet) =>
            {
                var (protocol, type, body) = Swarm.FirstFrame(packet);
                if (protocol == NeighbourMessage.Protocol)
                {
                    frames.Add(((int)(to.Address.IPv4Bits - Lone.At(0).IPv4Bits), node.Index, type, body));
                }
            };
        }

        swarm.Network.Run(TimeSpan.FromSeconds(30));
        foreach (var node in swarm.Network.Nodes)
        {
            node.OnSend = null;
        }

        return swarm;
    }
}
