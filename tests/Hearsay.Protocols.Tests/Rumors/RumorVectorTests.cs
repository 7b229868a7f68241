using Hearsay.Protocols.Rumors;
using static Hearsay.Protocols.Tests.DocumentedHex;

namespace Hearsay.Protocols.Tests.Rumors;

/// <summary>
/// The frames printed in docs/protocols/rumors.md, byte for byte but for the nonces that a node draws by chance: each
/// is what a node sends, and is then given to the node it is for.
/// </summary>
public sealed class RumorVectorTests
{
    private static readonly TimeSpan _cycle = TimeSpan.FromSeconds(1);

    [Fact]
    public void Every_block_of_the_page_is_replayed_here() =>
        Assert.Equal(["rumors", "feedback", "pull", "answer"], NamesOf("rumors.md"));

    [Fact]
    public void A_rumor_is_told_and_its_teller_hears_that_it_was_new()
    {
        var (teller, _) = Node(RumorMode.Push, 0);
        var (partner, heard) = Node(RumorMode.Push, 1);
        teller.Core.Post(teller.Now, RumorProtocol.FrameId, "hi"u8.ToArray());
        teller.Advance(_cycle);
        var (_, type, told, _) = teller.SentRumors()[0];
        Assert.Equal(RumorMessage.Rumors, type);
        AssertSame(Documented("rumors").With(0, told.NumberAt(0)), told);

        partner.Receive(Lone.From(0), Packet(0, RumorMessage.Rumors, Documented("rumors")));
        var news = Assert.IsType<RumorHeard>(Assert.Single(partner.Published));
        Assert.Equal(new RumorId(Lone.Id(0), 1, 1), news.Id);
        Assert.Equal("hi"u8.ToArray(), news.Payload.ToArray());
        Assert.Equal(1, heard.LiveCount);
        var (to, answer, feedback, _) = Assert.Single(partner.SentRumors());
        Assert.Equal((Lone.At(0), RumorMessage.Feedback), (to.Address, answer));
        AssertSame(Documented("feedback"), feedback);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void With_feedback_that_it_was_new_a_rumor_stays_hot_and_without_that_not(bool wasNew, int hot)
    {
        var (teller, protocol) = Node(RumorMode.Push, 0);
        teller.Core.Post(teller.Now, RumorProtocol.FrameId, "hi"u8.ToArray());
        teller.Advance(_cycle);
        var feedback = Documented("feedback").With(0, teller.SentRumors()[0].Body.NumberAt(0));
        feedback[^1] &= wasNew ? byte.MaxValue : RumorMessage.LargestCounter;
        teller.Receive(Lone.From(1), Packet(1, RumorMessage.Feedback, feedback));
        teller.Advance(_cycle);
        Assert.Equal(hot, protocol.LiveCount);
        Assert.Equal(0, protocol.Counters.Strays);
    }

    [Fact]
    public void Who_asks_is_told()
    {
        var (asker, heard) = Node(RumorMode.Pull, 1);
        asker.Advance(_cycle);
        var (_, type, pull, _) = asker.SentRumors()[0];
        Assert.Equal(RumorMessage.Pull, type);
        AssertSame(Documented("pull").With(0, pull.NumberAt(0)), pull);

        var (asked, _) = Node(RumorMode.Pull, 0);
        asked.Core.Post(asked.Now, RumorProtocol.FrameId, "hi"u8.ToArray());
        asked.Advance(_cycle);
        asked.Sent.Clear();
        asked.Receive(Lone.From(1), Packet(1, RumorMessage.Pull, Documented("pull")));
        var (to, answer, told, _) = Assert.Single(asked.SentRumors());
        Assert.Equal((Lone.At(1), RumorMessage.Rumors), (to.Address, answer));
        AssertSame(Documented("answer").With(0, told.NumberAt(0)), told);

        asker.Receive(Lone.From(0), Packet(0, RumorMessage.Rumors, Documented("answer")));
        Assert.Equal("hi"u8.ToArray(), Assert.IsType<RumorHeard>(Assert.Single(asker.Published)).Payload.ToArray());
        Assert.Equal(1, heard.Counters.Heard);
    }

    private static byte[] Documented(string name) => Of("rumors.md", name);

    private static byte[] Packet(int sender, byte type, byte[] body) =>
        Lone.Packet(Lone.Id(sender), RumorProtocol.FrameId, type, b => b.Raw(body));

    /// <summary>A node that knows one peer.</summary>
    private static (Lone Node, RumorProtocol Protocol) Node(RumorMode mode, int number)
    {
        var protocol = new RumorProtocol(new RumorOptions
        {
            Mode = mode, K = 1, Staggered = false, CycleTime = _cycle,
        });
        var node = new Lone(
            PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromHours(1) },
            o => o with { Protocols = [protocol], Self = Lone.SelfOf(number) });
        node.Push(5);
        node.Sent.Clear();
        return (node, protocol);
    }
}
