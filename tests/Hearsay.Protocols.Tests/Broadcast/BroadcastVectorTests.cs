using System.Text;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Tree;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;
using static Hearsay.Protocols.Tests.DocumentedHex;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>
/// The frames printed in docs/protocols/broadcast.md, byte for byte: each is what a node sends, and is then given to
/// the node it is for. B is number 0, A 1, C 2 and D 3. The numbers of links, with which all begin, are chance.
/// </summary>
public sealed class BroadcastVectorTests
{
    private const int A = 1;
    private const int B = 0;
    private const int C = 2;
    private const int D = 3;

    private readonly BroadcastRig _a = Node(A);
    private readonly BroadcastRig _b = Node(B);
    private readonly BroadcastRig _c = Node(C);
    private readonly BroadcastRig _d = Node(D);

    [Fact]
    public void Every_block_of_the_page_is_replayed_here() => Assert.Equal(
        [
            "message", "prune", "have", "want", "message-pulled", "graft", "gone", "coming", "digest", "fetch",
            "message-repair", "credit", "credit-answer", "signed", "message-tracked", "reach", "orphan-reach",
            "farewell", "lacking", "manifest", "want-chunks", "chunk", "no-chunks",
        ],
        NamesOf("broadcast.md"));

    [Fact]
    public void A_first_message_is_pushed_and_who_has_it_already_prunes()
    {
        Publish(_a, "one");
        Sends(_a, B, BroadcastFrame.Message, "message");
        Delivers("message", _b, hops: 1, "one");
        Delivers("message", _c, hops: 1, "one");
        _c.Push(B, _b.Sent(C, BroadcastFrame.Message).Single());
        Sends(_c, B, BroadcastFrame.Prune, "prune");
        Assert.Equal(0b1110u, _b.Protocol.Sources.Find(Key(A))!.Children);
        _b.Receive(C, BroadcastFrame.Prune, Body("prune"));
        Assert.Equal(0b1100u, _b.Protocol.Sources.Find(Key(A))!.Children);
    }

    [Fact]
    public void A_message_that_was_lost_is_pulled_from_who_announced_it_and_then_pushed_by_it()
    {
        A_first_message_is_pushed_and_who_has_it_already_prunes();
        Publish(_a, "two");
        _b.Push(A, _a.Sent(B, BroadcastFrame.Message)[1]);
        _b.Advance(5);
        Sends(_b, C, BroadcastFrame.Have, "have");

        // What A sent to C was lost.
        _c.Receive(B, BroadcastFrame.Have, Body("have"));
        Assert.Empty(_c.Sent(B, BroadcastFrame.Want));
        _c.Advance(8);
        Sends(_c, B, BroadcastFrame.Want, "want");
        _b.Advance(8);
        _b.Receive(C, BroadcastFrame.Want, Body("want"));
        var pulled = _b.Sent(C, BroadcastFrame.Message)[^1];
        AssertSame(Body("message-pulled"), pulled);
        Delivers("message-pulled", _c, hops: 2, "two", from: B);

        // 10 ms from A, 13 ms here, 10 ms to C.
        Assert.Equal(TimeSpan.FromMilliseconds(33), _c.Delivered[^1].Age);
        Sends(_c, B, BroadcastFrame.Graft, "graft");
        _b.Receive(C, BroadcastFrame.Graft, Body("graft"));
        Assert.Equal(0b1110u, _b.Protocol.Sources.Find(Key(A))!.Children);
    }

    [Fact]
    public void Who_does_not_hold_what_is_wanted_says_so_and_another_is_asked()
    {
        _c.Receive(D, BroadcastFrame.Have, Body("have"));
        _c.Receive(B, BroadcastFrame.Have, Body("have"));
        _c.Advance(8);
        Sends(_c, D, BroadcastFrame.Want, "want");
        Assert.Empty(_c.Sent(B, BroadcastFrame.Want));
        _d.Receive(C, BroadcastFrame.Want, Body("want"));
        Sends(_d, C, BroadcastFrame.Gone, "gone");
        _c.Receive(D, BroadcastFrame.Gone, Body("gone"));
        Sends(_c, B, BroadcastFrame.Want, "want");
    }

    [Fact]
    public void Who_fetches_a_message_tells_its_children_which_wait_for_it()
    {
        var promising = new BroadcastRig(Configure(options => options with { PullIntent = true }));
        promising.Push(A, Body("message"));
        promising.Receive(D, BroadcastFrame.Have, Body("have"));
        promising.Advance(8);
        Sends(promising, D, BroadcastFrame.Want, "want");
        Sends(promising, C, BroadcastFrame.Coming, "coming");

        // C would ask D now.
        _c.Receive(B, BroadcastFrame.Coming, Body("coming"));
        _c.Receive(D, BroadcastFrame.Have, Body("have"));
        _c.Advance(8);
        Assert.Empty(_c.Sent(D, BroadcastFrame.Want));
        _c.Advance(100);
        Assert.NotEmpty(_c.Sent(D, BroadcastFrame.Want).Concat(_c.Sent(B, BroadcastFrame.Want)));
    }

    [Fact]
    public void The_nodes_that_have_a_tracked_message_are_counted_up_to_its_publisher()
    {
        _a.Node.Core.Post(_a.Node.Now, BroadcastFrame.Protocol, new PublishCommand(
            "news"u8.ToArray(), "one"u8.ToArray(), IsTracked: true));
        Sends(_a, B, BroadcastFrame.Message, "message-tracked");
        Delivers("message-tracked", _b, hops: 1, "one");
        _b.Receive(C, BroadcastFrame.Reach, [.. Body("reach")[..^1], 1]);
        _b.Advance(60);
        Sends(_b, A, BroadcastFrame.Reach, "reach");
        _a.Receive(B, BroadcastFrame.Reach, Body("reach"));
        Assert.Equal(3, _a.Protocol.ReachOf(BroadcastId.Read(Body("reach"))));
    }

    [Fact]
    public void A_node_that_lost_its_parent_tells_all_its_neighbours_which_pass_it_on()
    {
        _b.Push(A, Body("message-tracked"));
        _b.Neighbours.Remove(_b.Neighbours.Find(Lone.Id(A)));
        _b.Receive(C, BroadcastFrame.Reach, [.. Body("reach")[..^1], 1]);
        _b.Advance(60);
        Sends(_b, D, BroadcastFrame.OrphanReach, "orphan-reach");

        _d.Push(A, Body("message-tracked"));
        _d.Receive(B, BroadcastFrame.OrphanReach, Body("orphan-reach"));
        Sends(_d, A, BroadcastFrame.OrphanReach, "orphan-reach");
    }

    [Fact]
    public void Who_has_less_than_a_digest_says_fetches_it()
    {
        Publish(_a, "one");
        Delivers("message", _b, hops: 1, "one");
        _b.Advance(2000);

        // A digest of nothing that wants one back.
        _b.Receive(D, BroadcastFrame.Digest, 1);
        Sends(_b, D, BroadcastFrame.Digest, "digest");
        _d.Receive(B, BroadcastFrame.Digest, Body("digest"));
        Sends(_d, B, BroadcastFrame.Fetch, "fetch");
        _b.Receive(D, BroadcastFrame.Fetch, Body("fetch"));
        AssertSame(Body("message-repair"), _b.Sent(D, BroadcastFrame.Message)[^1]);
        Delivers("message-repair", _d, hops: 2, "one", from: B);
        Assert.Equal(1, _d.Counters.Repaired);
    }

    [Fact]
    public void Who_sent_half_a_window_asks_what_came_and_is_told()
    {
        _a.Advance(100);
        _b.Advance(200);
        for (var i = 0; i < LinkCredit.FirstWindow / 2; i++)
        {
            Publish(_a, "one");
        }

        // The last is lost.
        foreach (var message in _a.Sent(B, BroadcastFrame.Message).SkipLast(1))
        {
            _b.Push(A, message);
        }

        Sends(_a, B, BroadcastFrame.Credit, "credit");
        _b.Receive(A, BroadcastFrame.Credit, Body("credit"));
        Sends(_b, A, BroadcastFrame.Credit, "credit-answer");
        Assert.Equal(32, _a.Protocol.Links[_a.Neighbours.Find(Lone.Id(B))].Credit.UnderWay);
        _a.Receive(B, BroadcastFrame.Credit, Body("credit-answer"));
        Assert.Equal(0, _a.Protocol.Links[_a.Neighbours.Find(Lone.Id(B))].Credit.UnderWay);
    }

    [Fact]
    public void Who_leaves_asks_what_is_lacking_and_goes_when_nothing_is()
    {
        Publish(_a, "one");
        Publish(_a, "two");
        Delivers("message", _d, hops: 1, "one");
        IReadOnlyList<BroadcastId>? left = null;
        _a.Node.Core.Post(_a.Node.Now, BroadcastFrame.Protocol, new HandOverCommand(
            TimeSpan.FromSeconds(1), names => left = names));
        Sends(_a, D, BroadcastFrame.Farewell, "farewell");
        _d.Receive(A, BroadcastFrame.Farewell, Body("farewell"));
        Sends(_d, A, BroadcastFrame.Lacking, "lacking");
        _a.Receive(D, BroadcastFrame.Lacking, Body("lacking"));
        Assert.Null(left);

        _d.Push(A, _a.Sent(D, BroadcastFrame.Message)[1]);
        _d.Receive(A, BroadcastFrame.Farewell, Body("farewell"));
        _a.Receive(D, BroadcastFrame.Lacking, _d.Sent(A, BroadcastFrame.Lacking)[1]);
        Assert.Empty(left!);
    }

    [Fact]
    public void A_manifest_that_is_not_fed_is_followed_by_a_request_for_its_chunks()
    {
        var payload = new byte[300];
        Publish(_a, payload);
        Sends(_a, B, BroadcastFrame.Message, "manifest");
        _b.Push(A, Body("manifest"));
        Assert.Empty(_b.Delivered);
        Sends(_b, A, BroadcastFrame.WantChunks, "want-chunks");
        _a.Receive(B, BroadcastFrame.WantChunks, Body("want-chunks"));
        Sends(_a, B, BroadcastFrame.Chunk, "chunk");
        _b.Receive(A, BroadcastFrame.Chunk, Body("chunk"));
        Assert.Equal(payload, _b.Delivered.Single().Payload);
    }

    [Fact]
    public void Who_lacks_a_chunk_that_is_wanted_now_says_so()
    {
        _c.Push(A, Body("manifest"));
        _c.Receive(D, BroadcastFrame.WantChunks, Body("want-chunks"));
        Sends(_c, D, BroadcastFrame.NoChunks, "no-chunks");
        _d.Push(C, Body("manifest"));
        Sends(_d, C, BroadcastFrame.WantChunks, "want-chunks");
        _d.Receive(C, BroadcastFrame.NoChunks, Body("no-chunks"));

        // The next one is asked.
        Assert.NotEmpty(_d.Sent(A, BroadcastFrame.WantChunks).Concat(_d.Sent(B, BroadcastFrame.WantChunks)));
    }

    private static byte[] Documented(string name) => Of("broadcast.md", name);

    /// <summary>What follows the number of the link.</summary>
    private static byte[] Body(string name)
    {
        Assert.Equal(0x1112_1314_1516_1718UL, Documented(name).NumberAt(0));
        return Documented(name)[BroadcastFrame.LinkBytes..];
    }

    private static BroadcastRig Node(int number) => new(Configure(), self: number);

    private static Func<BroadcastOptions, BroadcastOptions> Configure(
        Func<BroadcastOptions, BroadcastOptions>? more = null) => options =>
    {
        options = options with
        {
            GraftTimeout = TimeSpan.FromMilliseconds(8), RewireAfter = 1, EagerPayloadBytes = 256, ChunkBytes = 8192,
        };
        return more?.Invoke(options) ?? options;
    };

    private static void Publish(BroadcastRig node, string text) => Publish(node, Encoding.UTF8.GetBytes(text));

    private static void Publish(BroadcastRig node, byte[] payload) => node.Node.Core.Post(
        node.Node.Now, BroadcastFrame.Protocol, new PublishCommand("news"u8.ToArray(), payload));

    private static void Sends(BroadcastRig node, int to, byte type, string name) =>
        AssertSame(Documented(name).With(0, node.LinkWith(to)), Assert.Single(node.SentWithLink(to, type)));

    /// <summary>A node that is given the documented message hands it over.</summary>
    private static void Delivers(string name, BroadcastRig node, int hops, string text, int from = A)
    {
        var before = node.Delivered.Count;
        node.Push(from, Body(name));
        Assert.Equal(before + 1, node.Delivered.Count);
        Assert.Equal((hops, text), (node.Delivered[^1].Hops, Encoding.UTF8.GetString(node.Delivered[^1].Payload)));
    }
}
