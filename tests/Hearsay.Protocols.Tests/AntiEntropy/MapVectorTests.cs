using Hearsay.Protocols.AntiEntropy.Exchange;
using static Hearsay.Protocols.Tests.DocumentedHex;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>The frames printed in docs/protocols/anti-entropy.md, byte for byte.</summary>
public sealed class MapVectorTests
{
    private const string Page = "anti-entropy.md";

    [Fact]
    public void Every_block_of_the_page_is_replayed_here() => Assert.Equal(
        ["beat", "ask", "offer", "has", "had"], NamesOf(Page));

    [Fact]
    public void A_heartbeat_a_question_and_the_offer_are_as_printed()
    {
        var rig = new MapRig();
        rig.Set("k", "v"u8.ToArray());
        rig.Sent();
        rig.Node.Advance(TimeSpan.FromSeconds(2));
        AssertSame(Of(Page, "beat"), rig.Sent(MapFrame.Beat)[0].Body);
        rig.Send(1, MapFrame.Ask, Of(Page, "ask"));
        var (to, _, offer) = Assert.Single(rig.Sent(MapFrame.Offer));
        Assert.Equal(Lone.At(1), to);
        AssertSame(Of(Page, "offer"), offer);
    }

    [Fact]
    public void A_question_which_events_a_node_has_and_the_report_are_as_printed()
    {
        var rig = new MapRig();
        rig.Set("k", "v"u8.ToArray());
        rig.Sent();
        rig.Send(1, MapFrame.Has, Of(Page, "has"));
        AssertSame(Of(Page, "had"), Assert.Single(rig.Sent(MapFrame.Had)).Body);
    }

    [Fact]
    public void What_is_printed_as_an_offer_is_taken_by_who_asked()
    {
        var rig = new MapRig(firstEpoch: 100);
        var nonce = rig.BeginPull(1);

        // A node that has seen nothing asks for all; one that has seen something tells its context.
        rig.Send(1, MapFrame.End, Of(Page, "ask").AsSpan(0, 8).ToArray().With(0, nonce).Append((byte)1).ToArray());
        rig.Set("other", [1]);
        nonce = rig.BeginPull(1);
        rig.Send(1, MapFrame.Offer, Of(Page, "offer").With(0, nonce));
        Assert.Equal(1, rig.Counters.ContextExchanges);
        Assert.Equal(2, rig.Replica.Count);
    }
}
