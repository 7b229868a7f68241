using Hearsay.Protocols;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Network;

/// <summary>Nodes of mode identity that run with copies of the files of another one, and who pretends to.</summary>
public sealed class CopiedIdentityTests
{
    private const int Original = 2;

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly SeededIdentities _cluster = new();
    private readonly VirtualNetwork _network = new(new VirtualNetworkOptions { Seed = 3 });
    private readonly NodeId _id = SeededIdentities.Keys(Original + 1).Id;

    public CopiedIdentityTests()
    {
        for (var number = 1; number <= 4; number++)
        {
            Add(number);
        }

        _network.Run(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 90)]
    [InlineData(false, 1)]
    [InlineData(false, 90)]
    public void The_one_that_started_later_stops_neither_takes_another_id_and_both_are_told_once(
        bool throughTheOriginal, ulong incarnation)
    {
        var original = _network.Nodes[Original];
        var clone = Add(Original + 1, 1, incarnation, throughTheOriginal ? original : _network.Nodes[3]);
        _network.Run(20 * VirtualSecond);

        var taken = Assert.Single(clone.Notices, notice => notice.Kind == NodeNoticeKind.IdTaken);
        Assert.Equal((_id, original.Address), (taken.Id, taken.Address));
        Assert.DoesNotContain(clone.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
        var told = Assert.Single(original.Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
        Assert.Equal((_id, clone.Address), (told.Id, told.Address));
        Assert.DoesNotContain(original.Notices, notice => notice.Kind == NodeNoticeKind.IdTaken);
        Assert.Equal((_id, _id), (original.Core.Self.Id, clone.Core.Self.Id));

        // And it is over: the clone is silent, and the others hold the original, where it is.
        var (sent, incarnationOfOriginal) = (clone.Core.Counters.PacketsSent, original.Core.Self.Incarnation);
        _network.Run(10 * _minute);
        Assert.Equal(sent, clone.Core.Counters.PacketsSent);
        Assert.Equal(1, original.Notices.Count(notice => notice.Kind == NodeNoticeKind.IdContested));
        Assert.Equal(incarnationOfOriginal, original.Core.Self.Incarnation);
        Assert.All(_network.Nodes.Take(4), node => Assert.Equal(3, node.Core.View.Count));
        Assert.All(_network.Nodes.Take(4).Where(node => node != original), node => Assert.Contains(
            node.Core.View.Copy(), peer => peer.Id == _id && peer.Address == original.Address));
    }

    [Fact]
    public void Of_several_copies_that_start_together_only_the_original_goes_on()
    {
        for (var copy = 1; copy <= 4; copy++)
        {
            Add(Original + 1, copy, (ulong)(7 * copy), _network.Nodes[copy - 1]);
        }

        _network.Run(_minute);
        Assert.All(_network.Nodes.Skip(4), clone =>
            Assert.Single(clone.Notices, notice => notice.Kind == NodeNoticeKind.IdTaken));
        Assert.DoesNotContain(_network.Nodes[Original].Notices, notice => notice.Kind == NodeNoticeKind.IdTaken);
        Assert.Contains(_network.Nodes[Original].Notices, notice => notice.Kind == NodeNoticeKind.IdContested);
        Assert.Equal(3, _network.Nodes[Original].Core.View.Count);
    }

    [Fact]
    public void Who_greets_under_the_id_without_the_key_is_answered_within_bounds_and_nobody_is_told()
    {
        var victim = _network.Nodes[Original].Core;
        var security = _cluster.Security(77);
        var from = new Link(VirtualNetwork.AddressOf(99), LinkKind.Datagram);
        var (notices, sent) = (_network.Nodes[Original].Notices.Count, victim.Counters.BytesSent);
        var received = 0L;
        for (var i = 0; i < 5_000; i++)
        {
            var hello = new byte[SessionFormat.HelloBytes];
            BitConverter.TryWriteBytes(hello.AsSpan(SessionFormat.BodyOffset), ((ulong)i << 40) + ulong.MaxValue / 3);
            _id.Write(hello.AsSpan(SessionFormat.BodyOffset + sizeof(ulong)));
            SessionFormat.SealGreeting(security, _cluster.Label, hello, GreetingType.Hello);
            received += hello.Length;
            victim.Receive(_network.Now, from, hello);
        }

        Assert.InRange(victim.Counters.BytesSent - sent, 1, received / 50);
        _network.Run(_minute);
        Assert.Equal(notices, _network.Nodes[Original].Notices.Count);
        Assert.Equal(3, victim.View.Count);
        Assert.Equal(1ul, victim.Self.Incarnation);
    }

    [Fact]
    public void A_member_that_says_that_the_id_is_elsewhere_as_well_proves_nothing_and_nobody_is_told()
    {
        // The liar is asked at its own address, and is not the node; at the other address nobody answers.
        var (liar, victim) = (_network.Nodes[0], _network.Nodes[Original]);
        for (var second = 0; second < 240; second++)
        {
            var address = second % 2 == 0 ? liar.Address : VirtualNetwork.AddressOf(99);
            liar.Core.State.Table.Learn(
                new Descriptor(
                    _id, victim.Core.Self.Incarnation + 5, 0, new NodeAddresses(address), MetadataPresence.Omitted,
                    default),
                out _);
            _network.Run(VirtualSecond);
        }

        Assert.True(victim.Core.Counters.Refutations > 10, "The lies arrive.");
        Assert.DoesNotContain(victim.Notices, notice =>
            notice.Kind is NodeNoticeKind.IdContested or NodeNoticeKind.IdTaken or NodeNoticeKind.IdRenewed);
        Assert.Equal(_id, victim.Core.Self.Id);
    }

    private static TimeSpan VirtualSecond => TimeSpan.FromSeconds(1);

    private VirtualNode Add(int number, int copy = 0, ulong incarnation = 1, VirtualNode? seed = null)
    {
        var security = _cluster.Security(number, copy: copy);
        return _network.Add(seeds: seed is null ? null : [seed.Address], configure: options => options with
        {
            Identity = security,
            Self = new SelfDescription(security.Keys.Id, incarnation, options.Self.Addresses, []),
        });
    }
}
