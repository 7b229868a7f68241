using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Composition;

/// <summary>
/// Every reason for which something is not used: it is counted, it breaks nothing, and it allocates nothing.
/// </summary>
public sealed class RefusalTests
{
    private const int Times = 200;

    /// <summary>
    /// All reasons but the one that options do not allow to happen: a table that is full of pinned peers.
    /// </summary>
    public static TheoryData<DropReason> Reasons =>
        [.. Enum.GetValues<DropReason>().Except([DropReason.None, DropReason.TableFull, .. OfRecords])];

    /// <summary>
    /// What only nodes of the modes key and identity have reason to say; RecordFloodTests, IdentityFloodTests and
    /// ImpostorTests have their packets.
    /// </summary>
    private static DropReason[] OfRecords =>
        [DropReason.NotAuthentic, DropReason.Challenged, DropReason.NoRoom, DropReason.Unaddressed,
            DropReason.RetiredKey, DropReason.NotAdmitted, DropReason.NotItsOwn];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void What_is_refused_is_counted_and_allocates_nothing(DropReason reason)
    {
        var options = reason == DropReason.Throttled ? PeerSamplingOptions.Cyclon : PeerSamplingOptions.Recommended;
        var driver = new NullDriver();
        var node = new NodeCore(
            new NodeCoreOptions
            {
                Self = new SelfDescription(Lone.Id(0), 1, Lone.AddressesOf(0), []),
                Seed = 5,
                Sampling = options with { QuarantineAfter = 1, RecontactCycles = 100_000 },
            },
            driver);
        var maker = new Lone();
        var now = Instant.Zero;
        node.Start(now);
        now = Prepare(node, maker, reason);
        var packets = Enumerable.Range(0, 4 * Times).Select(i => Make(maker, reason, i)).ToArray();
        Feed(node, now, packets.AsSpan(0, Times));

        var counted = node.Counters.Dropped(reason);
        var fed = Times;
        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            Feed(node, now, packets.AsSpan(fed, Times));
            fed += Times;
        }));
        Assert.Equal(fed - Times, node.Counters.Dropped(reason) - counted);
        node.AssertInvariants();
    }

    private static void Feed(NodeCore node, Instant now, ReadOnlySpan<byte[]> packets)
    {
        foreach (var packet in packets)
        {
            node.Receive(now, new Link(VirtualNetwork.AddressOf(9), LinkKind.Datagram), packet);
        }
    }

    /// <summary>Brings the node to where the reason can arise.</summary>
    private static Instant Prepare(NodeCore node, Lone maker, DropReason reason)
    {
        var now = Instant.Zero;
        if (reason is DropReason.Replayed)
        {
            node.Receive(now, Lone.From(9), Make(maker, reason, 0));
        }

        if (reason is DropReason.Departed or DropReason.Quarantined or DropReason.ForgedLeave)
        {
            node.Receive(now, Lone.From(1), maker.Request(1, ExchangeMode.Push, NodeId.None, Lone.Of(1)));
        }

        if (reason is DropReason.Departed)
        {
            node.Receive(now, Lone.From(1), Lone.Packet(Lone.Id(1), SamplingMessage.Leave, b => b.UInt64(1)));
        }

        if (reason is DropReason.StaleIncarnation)
        {
            node.Receive(now, Lone.From(2), maker.Request(2, ExchangeMode.Push, NodeId.None, Lone.Of(1, 0, 50)));
        }

        if (reason is DropReason.Quarantined)
        {
            node.BeginCycle(now);
            now += TimeSpan.FromMilliseconds(300);
            node.OnDue(now);
        }

        return now;
    }

    private static byte[] Make(Lone maker, DropReason reason, int i) => reason switch
    {
        DropReason.Malformed => [1, 2, 3, (byte)i],
        DropReason.WrongVersion => Changed(maker.Request(9, ExchangeMode.Push, NodeId.None), 1),
        DropReason.WrongSecurity => Changed(maker.Request(9, ExchangeMode.Push, NodeId.None), 3, 1),
        DropReason.BadChecksum => Changed(maker.Request(9, ExchangeMode.Push, NodeId.None), 40),
        DropReason.WrongCluster => Lone.Packet(Lone.Id(9), 1, _ => { }, cluster: "other"),
        DropReason.Oversized => new byte[1201],
        DropReason.Replayed => Lone.Packet(
            Lone.Id(9), SamplingMessage.Request, b => b.UInt64(4242).Id(NodeId.None).Byte(1).Byte(0)),
        DropReason.Unsolicited => Lone.Reply(9, 99, false, Lone.Of(9)),
        DropReason.OwnId => maker.Request(0, ExchangeMode.Push, NodeId.None, Lone.Of(0)),
        DropReason.UnknownProtocol => Lone.Packet(Lone.Id(9), 200, 1, b => b.Byte(1)),
        DropReason.UnknownType => Lone.Packet(Lone.Id(9), 99, b => b.Byte(1)),
        DropReason.ForgedSelf => Naming(maker, Lone.Of(0, 0, (ulong)(10 + (10 * i)))),
        DropReason.StaleIncarnation => Naming(maker, Lone.Of(1, 0, 3)),
        DropReason.Departed or DropReason.Quarantined => Naming(maker, Lone.Of(1)),
        DropReason.Unreachable => Naming(maker, new Lone.Entry(Lone.Id(5), 1, 0, Lone.AddressesOf(0))),
        DropReason.Excess => Naming(maker, [.. Enumerable.Range(20, 16).Select(n => Lone.Of(n))]),
        DropReason.ForgedLeave => Lone.Packet(Lone.Id(1), SamplingMessage.Leave, b => b.UInt64(5)),
        DropReason.Amplification => Lone.Packet(Lone.Id(9), SamplingMessage.Request, b => b
            .UInt64((ulong)(7000 + i)).Id(NodeId.None).Byte((byte)ExchangeMode.Pull).Byte(0)),
        DropReason.Throttled => Lone.Packet(
            Lone.Id(9), SamplingMessage.Walk, b => b.Byte(5).Entries(Lone.Of(8)), padTo: 200),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No packet is made for this reason."),
    };

    private static byte[] Naming(Lone maker, params Lone.Entry[] entries) =>
        maker.Request(9, ExchangeMode.Push, NodeId.None, entries);

    private static byte[] Changed(byte[] packet, int offset, byte bits = 0x10)
    {
        packet[offset] ^= bits;
        return packet;
    }

    private sealed class NullDriver : INodeDriver
    {
        public bool CanReach(in NodeAddress address) => true;

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
