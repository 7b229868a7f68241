using Hearsay.Protocols.Sampling.Exchange;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

/// <summary>What one exchange does on either side (peer-sampling.md, sections 5 and 13).</summary>
public sealed class ExchangeTests
{
    private static readonly PeerSamplingOptions _small = PeerSamplingOptions.Recommended with { Jitter = 0 };

    [Theory]
    [InlineData(Propagation.Push)]
    [InlineData(Propagation.Pull)]
    [InlineData(Propagation.PushPull)]
    public void A_pull_is_answered_whatever_the_responders_own_mode_is(Propagation own)
    {
        var node = Filled(_small with { Propagation = own }, 1, 2, 3);
        node.Sent.Clear();

        node.Receive(Lone.From(9), node.Request(9, ExchangeMode.Pull, NodeId.None));

        var (link, packet, _) = Assert.Single(node.Sent);
        Assert.Equal(Lone.From(9), link);
        var entries = Swarm.ReadExchange(packet).Entries;
        Assert.Equal(Lone.Id(0), entries[0].Id);
        Assert.Equal(3, entries.Count - 1);
        Assert.False(node.Knows(9), "A pull carries nobody.");
    }

    [Fact]
    public void A_push_is_acknowledged_with_no_descriptors()
    {
        var node = Filled(_small, 1, 2, 3);
        node.Sent.Clear();
        node.Push(9, Lone.Of(8));

        Assert.Empty(Swarm.ReadExchange(Assert.Single(node.Sent).Packet).Entries);
        Assert.True(node.Knows(9) && node.Knows(8));
    }

    [Fact]
    public void The_answer_is_prepared_before_what_came_in_is_merged()
    {
        var node = Filled(_small, 1, 2);
        node.Sent.Clear();
        var mode = ExchangeMode.Push | ExchangeMode.Pull;
        node.Receive(Lone.From(9), node.Request(9, mode, NodeId.None, Lone.Of(9), Lone.Of(8), Lone.Of(7)));

        var answered = Swarm.ReadExchange(Assert.Single(node.Sent).Packet).Entries.Select(e => e.Id).ToHashSet();
        Assert.Equal([Lone.Id(0), Lone.Id(1), Lone.Id(2)], answered);
        Assert.True(node.Knows(7) && node.Knows(8) && node.Knows(9));
    }

    [Fact]
    public void Half_a_view_goes_out_with_the_own_descriptor_first_and_age_zero()
    {
        var node = Filled(_small, [.. Enumerable.Range(1, 30)]);
        node.Sent.Clear();
        node.BeginCycle();

        var (_, mode, entries) = Swarm.ReadExchange(Assert.Single(node.Sent).Packet);
        Assert.Equal(ExchangeMode.Push | ExchangeMode.Pull, mode);
        Assert.Equal((Lone.Id(0), 0), (entries[0].Id, entries[0].Age));
        Assert.Equal(15, entries.Count);
        Assert.Equal(15, entries.Select(e => e.Id).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Ages_grow_once_per_cycle_whatever_the_fanout(int fanout)
    {
        var node = Filled(_small with { Fanout = fanout, MaximumTimeout = TimeSpan.FromMilliseconds(10) },
            1, 2, 3, 4, 5, 6, 7, 8);
        var before = Enumerable.Range(1, 8).ToDictionary(i => i, node.AgeOf);
        node.Sent.Clear();
        node.BeginCycle();
        Assert.Equal(fanout, node.Sent.Count);
        foreach (var (to, packet, _) in node.Sent.ToArray())
        {
            var number = Enumerable.Range(1, 8).Single(i => Lone.At(i) == to.Address);
            var nonce = Swarm.ReadExchange(packet).Nonce;
            node.Receive(to, Lone.Reply(number, nonce, false, Lone.Of(number, before[number])));
        }

        foreach (var (number, age) in before)
        {
            Assert.Equal(age + 1, node.AgeOf(number));
        }
    }

    [Fact]
    public void Ages_grow_once_per_exchange_that_comes_in()
    {
        var node = Filled(_small, 1);
        var age = node.AgeOf(1);
        node.Push(2);
        Assert.Equal((age + 1, 1), (node.AgeOf(1), node.AgeOf(2)));
        node.Push(3);
        Assert.Equal((age + 2, 2, 1), (node.AgeOf(1), node.AgeOf(2), node.AgeOf(3)));
    }

    [Fact]
    public void No_sender_ages_a_view_faster_than_once_per_half_cycle_nor_all_together_beyond_the_bucket()
    {
        var node = Filled(_small, 1);
        node.Advance(TimeSpan.FromMilliseconds(1));
        var start = node.AgeOf(1);
        for (var i = 0; i < 50; i++)
        {
            node.Receive(Lone.From(2), node.Request(2, ExchangeMode.Push, NodeId.None, Lone.Of(2)));
        }

        Assert.Equal(start + 1, node.AgeOf(1));
        for (var i = 0; i < 500; i++)
        {
            node.Receive(Lone.From(2), node.Request(100 + i, ExchangeMode.Pull, NodeId.None));
        }

        Assert.InRange(node.AgeOf(1), start + 1, start + 17);
        Assert.True(node.Core.Counters.AgeingsWithheld >= 500);
    }

    [Fact]
    public void Partners_of_one_cycle_are_distinct()
    {
        var node = Filled(_small with { Fanout = 8 }, 1, 2, 3, 4, 5);
        node.Sent.Clear();
        node.BeginCycle();
        Assert.Equal(5, node.Sent.Select(s => s.To.Address).Distinct().Count());
        Assert.Equal(5, node.Sent.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_cycle_tries_another_partner_until_its_tries_are_used(int tries)
    {
        var options = _small with { TriesPerCycle = tries, MaximumTimeout = TimeSpan.FromMilliseconds(100) };
        var node = Filled(options, 1, 2, 3, 4, 5);
        node.Sent.Clear();
        node.BeginCycle();
        node.Advance(TimeSpan.FromMilliseconds(900));

        Assert.Equal(tries, node.Sent.Count);
        Assert.Equal(tries, node.Sent.Select(s => s.To.Address).Distinct().Count());
        Assert.Equal(tries, node.Core.Counters.ExchangesTimedOut);
        Assert.Equal(5 - tries, node.Core.View.Count);
        Assert.Equal(tries, node.Notices.Count(n => n.Kind == NodeNoticeKind.Evicted));
    }

    [Fact]
    public void The_partner_is_the_oldest_of_the_view_also_without_healing()
    {
        var node = new Lone(_small with { Healing = 0, Swap = 0 });
        node.Push(1, Lone.Of(2, 7), Lone.Of(3, 9), Lone.Of(4, 3));
        node.Sent.Clear();
        node.BeginCycle();
        Assert.Equal(Lone.At(3), Assert.Single(node.Sent).To.Address);
    }

    [Fact]
    public void A_late_answer_is_understood_and_brings_the_partner_back()
    {
        var node = Filled(_small, 1);
        node.Sent.Clear();
        node.BeginCycle();
        var nonce = Swarm.ReadExchange(node.Sent[0].Packet).Nonce;
        node.Advance(TimeSpan.FromMilliseconds(260));
        Assert.False(node.Knows(1));

        node.Receive(Lone.From(1), Lone.Reply(1, nonce, false, Lone.Of(1), Lone.Of(2)));

        Assert.True(node.Knows(1) && node.Knows(2));
        Assert.Equal((1, 0), (node.Core.Counters.LateAnswers, node.Core.Counters.ExchangesCompleted));
        node.Receive(Lone.From(1), Lone.Reply(1, nonce, false, Lone.Of(3)));
        Assert.False(node.Knows(3), "An answer is used once.");
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Unsolicited));
    }

    [Fact]
    public void A_late_answer_after_the_partner_was_forgotten_altogether_hurts_nobody()
    {
        var node = Filled(_small, [.. Enumerable.Range(1, 30)]);
        node.Sent.Clear();
        node.BeginCycle();
        var nonce = Swarm.ReadExchange(node.Sent[0].Packet).Nonce;
        var partner = Enumerable.Range(1, 30).Single(i => Lone.At(i) == node.Sent[0].To.Address);
        node.Advance(TimeSpan.FromMilliseconds(260));
        for (var i = 0; i < 400; i++)
        {
            node.Push(1000 + i, Lone.Of(5000 + (2 * i)), Lone.Of(5001 + (2 * i)));
        }

        node.Receive(Lone.From(partner), Lone.Reply(partner, nonce, false, Lone.Of(partner), Lone.Of(9999)));
        Assert.Equal(1, node.Core.Counters.LateAnswers);
    }

    [Fact]
    public void Time_outs_follow_the_measured_round_trip()
    {
        var node = Filled(_small with { CycleTime = TimeSpan.FromSeconds(4) }, 1, 2);
        Assert.Equal(1000, TimeoutOfNextCycle(node), 1);
        for (var i = 0; i < 30; i++)
        {
            node.Sent.Clear();
            node.BeginCycle();
            var (to, packet, _) = node.Sent[^1];
            node.Advance(TimeSpan.FromMilliseconds(10));
            var number = to.Address == Lone.At(1) ? 1 : to.Address == Lone.At(2) ? 2 : 3;
            node.Receive(to, Lone.Reply(number, Swarm.ReadExchange(packet).Nonce, false, Lone.Of(number), Lone.Of(1),
                Lone.Of(2), Lone.Of(3)));
        }

        Assert.Equal(10, node.Core.RoundTrip.TotalMilliseconds, 1.0);
        Assert.InRange(TimeoutOfNextCycle(node), 20, 30);
    }

    [Fact]
    public void A_request_that_comes_twice_is_used_once()
    {
        var node = Filled(_small, 1);
        var packet = node.Request(2, ExchangeMode.Push | ExchangeMode.Pull, NodeId.None, Lone.Of(2));
        node.Sent.Clear();
        node.Receive(Lone.From(2), packet);
        node.Receive(Lone.From(2), packet);
        Assert.Single(node.Sent);
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Replayed));
    }

    [Fact]
    public void An_empty_view_has_a_defined_result_everywhere()
    {
        var node = new Lone(_small);
        node.BeginCycle();
        node.Receive(Lone.From(1), node.Request(1, ExchangeMode.Pull, NodeId.None));
        Assert.Single(Swarm.ReadExchange(Assert.Single(node.Sent).Packet).Entries);
        Assert.Equal(0, node.Core.View.Count);
    }

    private static double TimeoutOfNextCycle(Lone node)
    {
        var timedOut = node.Core.Counters.ExchangesTimedOut;
        node.BeginCycle();
        var start = node.Now;
        while (node.Core.Counters.ExchangesTimedOut == timedOut)
        {
            node.Advance(TimeSpan.FromMilliseconds(1));
        }

        return (node.Now - start).TotalMilliseconds;
    }

    private static Lone Filled(PeerSamplingOptions options, params int[] peers)
    {
        var node = new Lone(options);
        foreach (var chunk in peers.Chunk(options.ViewSize / 2))
        {
            node.Push(chunk[0], [.. chunk[1..].Select(i => Lone.Of(i))]);
        }

        Assert.All(peers, i => Assert.True(node.Knows(i)));
        return node;
    }
}
