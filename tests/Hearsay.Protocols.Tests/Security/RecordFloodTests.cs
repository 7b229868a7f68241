using Hearsay.Protocols.Security;

namespace Hearsay.Protocols.Tests.Security;

/// <summary>What floods of packets that are refused cost a node: time, and no memory.</summary>
public sealed class RecordFloodTests
{
    private const int Packets = 20_000;

    private readonly NodeSecurity _security = SeededCipher.Security(1);

    [Theory]
    [InlineData("random")]
    [InlineData("valid header")]
    [InlineData("wrong key")]
    [InlineData("replayed")]
    [InlineData("strangers")]
    public void A_refused_datagram_allocates_nothing_and_changes_nothing(string kind)
    {
        var (honest, node) = (new RecordEnd(_security, 1), new RecordEnd(_security, 2));
        RecordEnd.Meet(honest, node);
        var packets = Make(kind, honest, node);
        var link = new Link(honest.Address, LinkKind.Datagram);
        Flood(node, link, packets, 100);
        var (known, used) = (node.Envelope.Others.Count, 0);
        Assert.Equal(0, SteadyState.Bytes(() => used += Flood(node, link, packets, Packets)));
        Assert.Equal(0, used);
        Assert.Equal(known, node.Envelope.Others.Count);
        Assert.Equal("still here", node.Open(honest, honest.Seal(node, "still here")));
    }

    [Fact]
    public void A_source_gets_so_many_challenges_a_second_and_others_are_not_affected()
    {
        var (node, flooder, other) = (
            new RecordEnd(_security, 2), new RecordEnd(_security, 3), new RecordEnd(_security, 4));
        var packet = flooder.Seal(node, "again and again");
        for (var i = 0; i < 1000; i++)
        {
            node.Open(flooder, packet);
        }

        Assert.Equal(ChallengePace.PerSecond, node.Envelope.Challenges);
        Assert.Equal(DropReason.Throttled, node.Last);
        node.Open(other, other.Seal(node, "a question"));
        Assert.Equal(DropReason.Challenged, node.Last);
    }

    private static int Flood(RecordEnd node, in Link link, byte[][] packets, int count)
    {
        var used = 0;
        for (var i = 0; i < count; i++)
        {
            var packet = packets[i % packets.Length];
            used += node.Envelope.TryOpen(packet, link, node.Id, node.Now, out _, out _) ? 1 : 0;
            while (node.Envelope.TryTakeOwn(out _, out _))
            {
            }

            node.Now += TimeSpan.FromMicroseconds(10);
        }

        return used;
    }

    private static byte[][] Make(string kind, RecordEnd honest, RecordEnd node)
    {
        var random = new SeededRandom(5);
        var packets = new byte[64][];
        var stranger = new RecordEnd(
            SeededCipher.Security(9, key: kind == "wrong key" ? (byte)2 : (byte)1), 9);
        for (var i = 0; i < packets.Length; i++)
        {
            packets[i] = kind is "wrong key" or "strangers"
                ? stranger.Seal(node, $"packet {i}") : honest.Seal(node, $"packet {i}");
            for (var j = kind == "random" ? 0 : 26; kind is "random" or "valid header" && j < packets[i].Length; j++)
            {
                packets[i][j] = (byte)random.NextUInt64();
            }

            if (kind == "replayed")
            {
                Assert.NotNull(node.Open(honest, packets[i]));
            }
        }

        return packets;
    }
}
