using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

public sealed class MetadataTests
{
    [Fact]
    public void The_own_descriptor_carries_it_and_a_relayed_one_where_it_fits()
    {
        var (small, large) = (new byte[20], new byte[256]);
        var node = new Lone(configure: o => o with
        {
            Self = new SelfDescription(o.Self.Id, 1, o.Self.Addresses, large),
        });
        node.Push(1, With(2, large), With(3, small), With(4, large));
        node.Push(7, With(5, large), With(6, large));
        node.Sent.Clear();
        node.BeginCycle();
        var entries = Swarm.ReadExchange(node.Sent[0].Packet).Entries.ToDictionary(e => e.Id, e => e.Presence);

        Assert.Equal(MetadataPresence.Included, entries[Lone.Id(0)]);
        Assert.Equal(MetadataPresence.None, entries[Lone.Id(1)]);
        Assert.Contains(MetadataPresence.Omitted, entries.Values);
        Assert.True(entries.Values.Count(p => p == MetadataPresence.Included) >= 3);
        Assert.True(node.Sent[0].Packet.Length <= Envelope.MaximumDatagramBytes);
    }

    [Fact]
    public void What_was_omitted_is_fetched_from_the_owner_and_known_from_then_on()
    {
        var node = new Lone();
        node.Push(1, new Lone.Entry(Lone.Id(2), 4, 0, Lone.AddressesOf(2), MetadataPresence.Omitted));
        var peer = node.Core.View.Copy().Single(p => p.Id == Lone.Id(2));
        Assert.False(peer.HasMetadata);
        node.Sent.Clear();
        node.Core.FetchMetadata(node.Now, peer);
        var (to, packet, _) = Assert.Single(node.Sent);
        Assert.Equal(Lone.At(2), to.Address);
        var nonce = new WireReader(Swarm.FirstFrame(packet).Body).ReadUInt64();
        var answer = Lone.Packet(Lone.Id(2), SamplingMessage.Metadata, b => b
            .UInt64(nonce).UInt64(4).UInt16(3).Raw([7, 8, 9]));
        Assert.True(answer.Length <= packet.Length);
        node.Receive(Lone.From(2), answer);
        node.Receive(Lone.From(2), answer);

        var told = Assert.Single(node.MetadataAnswers);
        Assert.Equal((Lone.Id(2), 4ul), (told.Id, told.Incarnation));
        Assert.Equal([7, 8, 9], told.Metadata!);
        Assert.Equal([7, 8, 9], node.Core.View.Copy().Single(p => p.Id == Lone.Id(2)).Metadata.ToArray());
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Unsolicited));
    }

    [Fact]
    public void A_fetch_that_is_not_answered_is_reported_and_fetches_are_bounded()
    {
        var node = new Lone();
        node.Push(1);
        for (var i = 0; i < 20; i++)
        {
            node.Core.FetchMetadata(node.Now, node.Core.View.Copy()[0]);
        }

        Assert.Equal(4, node.MetadataAnswers.Count(a => a.Metadata is null));
        node.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(20, node.MetadataAnswers.Count(a => a.Metadata is null));
    }

    /// <summary>With the default cycle of a second the longest time-out is 250 ms.</summary>
    [Theory]
    [InlineData(0, 250)]
    [InlineData(1, 750)]
    [InlineData(2, 1000)]
    [InlineData(3, 1000)]
    [InlineData(int.MaxValue, 1000)]
    public void There_is_a_fetch_in_every_cycle_after_two_in_the_first(int earlierTries, int patienceMilliseconds)
    {
        var node = new Lone();
        node.Push(1);
        node.Core.FetchMetadata(node.Now, node.Core.View.Copy()[0], earlierTries);
        node.Advance(TimeSpan.FromMilliseconds(patienceMilliseconds - 1));
        Assert.Empty(node.MetadataAnswers);
        node.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(Assert.Single(node.MetadataAnswers).Metadata);
    }

    [Fact]
    public void The_owner_answers_with_all_256_bytes_and_only_for_itself()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var node = new Lone(configure: o => o with
        {
            Self = new SelfDescription(o.Self.Id, 1, o.Self.Addresses, bytes),
        });
        node.Receive(Lone.From(1), Lone.Packet(
            Lone.Id(1), SamplingMessage.MetadataRequest, b => b.UInt64(5).Id(Lone.Id(0)), padTo: 310));
        node.Receive(Lone.From(1), Lone.Packet(
            Lone.Id(1), SamplingMessage.MetadataRequest, b => b.UInt64(6).Id(Lone.Id(3)), padTo: 310));
        var body = Swarm.FirstFrame(Assert.Single(node.Sent).Packet).Body;
        Assert.Equal(bytes, body[18..]);
        Assert.Throws<ArgumentOutOfRangeException>(() => node.Core.SetMetadata(node.Now, new byte[257]));
    }

    [Fact]
    public void A_change_reaches_everybody_and_raises_the_incarnation()
    {
        var network = Swarm.Start(60, cycles: 10);
        var node = network.Nodes[5];
        network.Command(node, (core, now) => core.SetMetadata(now, [1, 2, 3, 4]));
        Assert.Equal(2ul, node.Core.Self.Incarnation);
        network.Run(15 * Swarm.Second);
        var seen = network.Nodes.SelectMany(n => n.View()).Where(p => p.Id == node.Core.Self.Id).ToArray();
        Assert.NotEmpty(seen);
        Assert.All(seen, p => Assert.Equal(2ul, p.Incarnation));

        // Whoever got only the version of a relayed descriptor asks for the bytes when it needs them.
        var known = seen.Where(p => p.HasMetadata).ToArray();
        Assert.InRange(known.Length, seen.Length * 9 / 10, seen.Length);
        Assert.All(known, p => Assert.Equal([1, 2, 3, 4], p.Metadata.ToArray()));
    }

    private static Lone.Entry With(int number, byte[] metadata) =>
        new(Lone.Id(number), 1, 0, Lone.AddressesOf(number), MetadataPresence.Included, metadata);
}
