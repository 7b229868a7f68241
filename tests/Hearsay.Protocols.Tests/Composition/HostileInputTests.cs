using CsCheck;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Composition;

public sealed class HostileInputTests
{
    private static readonly ulong _label = Envelope.LabelOf("default");

    [Theory]
    [InlineData("recommended")]
    [InlineData("cyclon")]
    [InlineData("newscast")]
    public void Whatever_arrives_a_running_node_keeps_its_invariants(string preset)
    {
        PeerSamplingOptions.TryGetPreset(preset, out var options);
        Gen.Select(Gen.ULong, Gen.Int[0, 13].Array[100, 400]).Sample((seed, attacks) =>
        {
            var network = Swarm.Start(16, options, new() { Seed = seed | 1 }, cycles: 4);
            network.AfterEvent = node => node.Core.AssertInvariants();
            var captured = Capture(network);
            network.Run(2 * Swarm.Second);
            var random = new SeededRandom(seed);
            foreach (var attack in attacks)
            {
                var target = network.Nodes[random.Below(4)];
                var packet = Make(attack, ref random, captured, target);
                var kind = random.Below(4) == 0 ? LinkKind.Stream : LinkKind.Datagram;
                var from = VirtualNetwork.AddressOf(random.Below(40));
                var sent = target.Core.Counters.BytesSent;
                network.Inject(target, new Link(from, kind, 3), packet);
                if (attack == 0)
                {
                    network.Inject(target, new Link(from, kind, 3), packet);
                }

                Check(target, kind, packet, target.Core.Counters.BytesSent - sent);
                network.Run(TimeSpan.FromMilliseconds(random.Below(30)));
            }

            network.Run(30 * Swarm.Second);
            Assert.Single(network.Components());
        }, iter: 12);
    }

    private static void Check(VirtualNode target, LinkKind kind, byte[] packet, long answered)
    {
        var table = target.Core.State.Table;
        Assert.True(table.Count <= table.Capacity);
        Assert.True(target.Core.View.Count <= target.Core.View.Capacity);
        Assert.True(target.Core.Self.Incarnation <= Descriptor.MaximumIncarnation);

        // Wrong answers may start another try, which goes elsewhere: those were not asked for by the packet.
        Assert.True(kind == LinkKind.Stream || answered <= Math.Max(1200, packet.Length) + 1200);
    }

    private static List<byte[]> Capture(VirtualNetwork network)
    {
        var captured = new List<byte[]>();
        foreach (var node in network.Nodes)
        {
            node.OnSend = (_, packet) =>
            {
                if (captured.Count < 500)
                {
                    captured.Add(packet);
                }
            };
        }

        return captured;
    }

    private static byte[] Make(int attack, ref SeededRandom random, List<byte[]> captured, VirtualNode target)
    {
        var valid = captured[random.Below(captured.Count)];
        return attack switch
        {
            0 or 1 => valid,
            2 => Noise(ref random, random.Below(1400)),
            3 => valid[..random.Below(valid.Length)],
            4 => [.. valid, .. Noise(ref random, random.Below(2000))],
            5 => Sealed(Mutated(valid, ref random), new NodeId(9, random.NextUInt64())),
            6 => Mutated(valid, ref random),
            7 => Sealed(valid, target.Core.Self.Id),
            8 => Relabelled(valid),
            9 => Versioned(valid, ref random),
            10 => Sealed([.. valid[..32], .. Noise(ref random, random.Below(300))], new NodeId(8, 8)),
            _ => AbsurdView(ref random, target),
        };
    }

    private static byte[] Noise(ref SeededRandom random, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.NextUInt64();
        }

        return bytes;
    }

    /// <summary>
    /// Duplicates, self, absurd ages and incarnations, more entries than allowed, counts that do not agree.
    /// </summary>
    private static byte[] AbsurdView(ref SeededRandom random, VirtualNode target)
    {
        var count = random.Below(40);
        var entries = new Lone.Entry[count];
        for (var i = 0; i < count; i++)
        {
            var id = random.Below(5) == 0 ? target.Core.Self.Id : new NodeId(4, (ulong)random.Below(20) + 1);
            var incarnation = random.Below(8) switch
            {
                0 => Descriptor.MaximumIncarnation,
                1 => Descriptor.MaximumIncarnation - 1,
                _ => (ulong)random.Below(5),
            };
            entries[i] = new Lone.Entry(
                id, incarnation, random.Below(65_536),
                    new NodeAddresses(VirtualNetwork.AddressOf(100 + random.Below(50))),
                MetadataPresence.Included, new byte[1 + random.Below(3)]);
        }

        var declared = random.Below(3) == 0 ? random.Below(256) : count;
        var (nonce, mode, type) = (random.NextUInt64(), (byte)random.NextUInt64(), (byte)(1 + random.Below(8)));
        return Lone.Packet(new NodeId(4, (ulong)random.Below(20) + 1), type, body =>
        {
            if (type == SamplingMessage.Request)
            {
                body.UInt64(nonce).Id(NodeId.None).Byte(mode).Byte((byte)declared);
            }
            else if (type is SamplingMessage.Walk)
            {
                body.Byte((byte)(mode % 7));
            }

            body.Entries(entries);
        }, padTo: 1200);
    }

    private static byte[] Mutated(byte[] packet, ref SeededRandom random)
    {
        var copy = packet.ToArray();
        for (var i = 1 + random.Below(4); i > 0; i--)
        {
            copy[random.Below(copy.Length)] = (byte)random.NextUInt64();
        }

        return copy;
    }

    private static byte[] Sealed(byte[] packet, NodeId sender)
    {
        var copy = packet.ToArray();
        Envelope.Seal(copy, _label, sender);
        return copy;
    }

    private static byte[] Relabelled(byte[] packet)
    {
        var copy = packet.ToArray();
        Envelope.Seal(copy, _label + 1, new NodeId(1, 1));
        return copy;
    }

    private static byte[] Versioned(byte[] packet, ref SeededRandom random)
    {
        var copy = packet.ToArray();
        copy[1] = (byte)random.NextUInt64();
        return copy;
    }
}
