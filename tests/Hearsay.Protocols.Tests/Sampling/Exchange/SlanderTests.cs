using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

/// <summary>Packets nobody can authenticate yet: what they break mends itself.</summary>
public sealed class SlanderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(Descriptor.MaximumIncarnation - 1)]
    [InlineData(Descriptor.MaximumIncarnation)]
    public void A_forged_leave_is_told_to_whom_it_names_and_undone(ulong incarnation)
    {
        var node = new Lone();
        var slandered = new Lone(configure: options => options with
        {
            Self = new SelfDescription(Lone.Id(1), 1, Lone.AddressesOf(1), []),
        });
        Meet(slandered, node);
        Assert.True(node.Knows(1));
        node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), SamplingMessage.Leave, b => b.UInt64(incarnation)));
        Assert.False(node.Knows(1));

        Meet(slandered, node);
        Assert.False(node.Knows(1));
        Meet(slandered, node);

        Assert.Contains(node.Core.View.Copy(), peer => peer.Addresses == Lone.AddressesOf(1));
    }

    [Fact]
    public void A_gift_that_no_joining_asked_for_is_refused()
    {
        var gift = Lone.Packet(Lone.Id(9), SamplingMessage.Gift, b => b.Entries(Lone.Of(8)));
        var node = new Lone(PeerSamplingOptions.Cyclon);
        node.Receive(Lone.From(9), gift);
        Assert.False(node.Knows(8));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Unsolicited));

        node.Core.Contact(node.Now, [Lone.At(1)]);
        node.Receive(Lone.From(9), gift);
        Assert.True(node.Knows(8));

        // With peers enough it does not join again meanwhile.
        for (var peer = 10; peer < 15; peer++)
        {
            node.Push(peer);
        }

        node.Advance(1.5 * Swarm.Second);
        node.Receive(Lone.From(9), Lone.Packet(Lone.Id(9), SamplingMessage.Gift, b => b.Entries(Lone.Of(7))));
        Assert.False(node.Knows(7));
    }

    /// <summary>One asks the other to join through it, and gets the answer.</summary>
    private static void Meet(Lone who, Lone whom)
    {
        var (from, to) = (who.Core.Self.Addresses.IPv4, whom.Core.Self.Addresses.IPv4);
        who.Sent.Clear();
        whom.Sent.Clear();
        who.Core.Contact(who.Now, [to]);
        whom.Receive(new Link(from, LinkKind.Datagram), who.Sent.Single(sent => sent.To.Address == to).Packet);
        who.Receive(new Link(to, LinkKind.Datagram), whom.Sent.Single(sent => sent.To.Address == from).Packet);
    }
}
