using Hearsay.Protocols.Security;

namespace Hearsay.Protocols.Tests.Security;

/// <summary>How many others a node knows, and who gives way to whom.</summary>
public sealed class CorrespondentsTests
{
    private static readonly Instant Start = new(TimeSpan.TicksPerHour);

    [Fact]
    public void A_million_ids_of_one_network_displace_each_other_and_nobody_else()
    {
        var others = new Correspondents(secret: 1);
        var honest = NodeAddress.FromIPv4(0x0B00_0001, 7000);
        var place = others.Open(new NodeId(1, 1), 77, 1, honest, Start);
        others[place].KeptUntil = Start;
        var now = Start;
        for (var i = 0; i < 1_000_000; i++)
        {
            now += TimeSpan.FromMilliseconds(.01);
            others.Mark(place, (uint)i + 2, now);
            var address = NodeAddress.FromIPv4(0x0C00_0000u + (uint)(i % 250), 1);
            var fake = others.Open(new NodeId(2, (ulong)i), (UInt128)i + 1000, 1, address, now);
            Assert.True(fake >= 0);
            others[fake].KeptUntil = now;
        }

        Assert.Equal(Correspondents.Capacity, others.Count);
        Assert.True(others.Find(77, now) >= 0);
        Assert.InRange(others.StateBytes, 1, 1024 * 600);
    }

    [Fact]
    public void While_a_cookie_could_be_taken_none_gives_way_and_newcomers_are_refused()
    {
        var others = new Correspondents(secret: 1);
        for (var i = 0; i < 3000; i++)
        {
            var place = others.Open(new NodeId(2, (ulong)i), (UInt128)i + 1, 1, NodeAddress.FromIPv4(1, 1), Start);
            Assert.Equal(i >= Correspondents.Capacity, place < 0);
            if (place >= 0)
            {
                others[place].KeptUntil = Start + Cookies.Lifetime;
            }
        }

        Assert.Equal(3000 - Correspondents.Capacity, others.Refused);
        var later = Start + Cookies.Lifetime + TimeSpan.FromMilliseconds(1);
        Assert.True(others.Open(new NodeId(3, 3), 9999, 1, NodeAddress.FromIPv4(2, 1), later) >= 0);
    }

    [Fact]
    public void What_came_through_a_window_that_gave_way_does_not_come_again()
    {
        var security = SeededCipher.Security(1);
        var (a, b) = (new RecordEnd(security, 1), new RecordEnd(security, 2));
        RecordEnd.Meet(a, b);
        var packets = new List<byte[]>();
        for (var i = 0; i < 10; i++)
        {
            RecordEnd.Pass(TimeSpan.FromMilliseconds(600), a, b);
            packets.Add(a.Seal(b, $"{i}"));
            Assert.NotNull(b.Open(a, packets[^1]));
            a.Open(b, b.Seal(a, "pong"));
        }

        // Holders of the key fill the table from the sender's own network until it gives way.
        for (var i = 0; b.Envelope.Others.Find(RecordFormat.BootOf(packets[0]), b.Now) >= 0; i++)
        {
            var place = b.Envelope.Others.Open(
                new NodeId(9, (ulong)i), (UInt128)i + 1, 1, NodeAddress.FromIPv4(0x0A00_0009, 1), b.Now);
            Assert.True(place >= 0);
            b.Envelope.Others[place].KeptUntil = b.Now;
            b.Envelope.Others[place].Opened = Correspondent.Settled;
        }

        Assert.All(packets, packet => Assert.Null(b.Open(a, packet)));
        RecordEnd.Pass(TimeSpan.FromSeconds(1), a, b);
        var next = a.Seal(b, "next");
        Assert.Null(b.Open(a, next));
        a.Open(b, Assert.Single(b.Own));
        b.Open(a, a.Seal(b, "asked for a cookie"));
        a.Open(b, Assert.Single(b.Own));
        Assert.Equal("asked for a cookie", b.Open(a, Assert.Single(a.Own)));
        Assert.All(packets, packet => Assert.Null(b.Open(a, packet)));
    }
}
