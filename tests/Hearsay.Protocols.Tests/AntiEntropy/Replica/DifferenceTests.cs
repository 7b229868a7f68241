using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Replica;

/// <summary>What a peer lacks follows from its context.</summary>
public sealed class DifferenceTests
{
    private const int MostDots = 100;

    private readonly TestNode _a = new(1);
    private readonly TestNode _b = new(2);

    [Fact]
    public void A_peer_gets_the_rows_and_removals_that_it_lacks_and_no_others()
    {
        _a.Set("same", 1);
        _a.Set("gone", 2);
        _a.Set("old", 3);
        _b.Pull(_a);
        _a.Remove("gone");
        _a.Set("old", 4);
        _a.Set("new", 5);
        _a.Set("passing", 6);
        _a.Remove("passing");
        var difference = Differ(_a, _b);
        Assert.Equal(["new", "old"], difference.Rows.Select(row => Name(row.Path)).Order());
        Assert.Equal(2, difference.Removals.Count);
        Assert.True(_b.Replica.ApplyDifference(difference));
        Assert.Equal("1||4|5|", _b.Shown("same", "gone", "old", "new", "passing"));
        Assert.Equal((_a.Replica.Root, _a.Replica.Context), (_b.Replica.Root, _b.Replica.Context));
        _b.AssertConsistent();
        _b.Sync();
        Assert.Empty(Differ(_b, _a).Rows);
    }

    [Fact]
    public void What_the_sender_has_not_seen_stays()
    {
        _a.Set("k", 1);
        _b.Set("k", 2);
        Assert.True(_b.Replica.ApplyDifference(Differ(_a, _b)));
        Assert.Equal("1 2", _b.Shown("k"));
    }

    [Fact]
    public void Removals_are_handed_on_by_who_heard_of_them_in_a_difference()
    {
        var c = new TestNode(3);
        _a.Set("k", 1);
        _b.Pull(_a);
        c.Pull(_a);
        _a.Remove("k");
        Assert.True(_b.Replica.ApplyDifference(Differ(_a, _b)));
        _b.Sync();
        Assert.True(c.Replica.ApplyDifference(Differ(_b, c)));
        Assert.Empty(c.Values("k"));
    }

    [Fact]
    public void The_way_is_closed_where_the_log_is_too_short()
    {
        _a.Set("k", 1);
        _b.Pull(_a);
        var before = _b.Replica.Context;
        for (var i = 0; i <= TestNode.Options.LogLength; i++)
        {
            _a.Set("l", 1);
            _a.Remove("l");
        }

        Assert.False(_a.Replica.TryDiffer(before, MostDots, out _));
        Assert.True(_a.Replica.TryDiffer(_a.Replica.Context, MostDots, out _));
    }

    [Fact]
    public void The_way_is_closed_to_a_difference_beyond_the_bound()
    {
        for (var i = 0; i < 5; i++)
        {
            _a.Set($"{i}", 1);
        }

        Assert.False(_a.Replica.TryDiffer(CausalContext.Empty, mostDots: 4, out _));
        Assert.True(_a.Replica.TryDiffer(CausalContext.Empty, mostDots: 5, out _));
        var forged = CausalContext.Empty.WithAll(new EpochId(new NodeId(9, 9), 1), 1UL << 60);
        Assert.True(_a.Replica.TryDiffer(forged, mostDots: 5, out _));
    }

    [Fact]
    public void The_way_is_closed_to_and_from_a_replica_that_is_not_trusted()
    {
        _a.Set("k", 1);
        var difference = Differ(_a, _b);
        _b.Set("l", 2);
        _b.Store.Rows.Clear();
        Assert.False(_b.Replica.Scrub());
        Assert.False(_b.Replica.ApplyDifference(difference));
        Assert.False(_b.Replica.TryDiffer(CausalContext.Empty, MostDots, out _));
    }

    [Fact]
    public void A_difference_that_takes_for_granted_what_was_lost_since_is_void()
    {
        _a.Set("k", 1);
        _b.Pull(_a);
        _a.Set("l", 2);
        var difference = Differ(_a, _b);
        _b.Store.Rows.Clear();
        Assert.False(_b.Replica.Scrub());
        _b.Pull(new TestNode(3));
        Assert.True(_b.Replica.IsTrusted);
        Assert.False(_b.Replica.ApplyDifference(difference));
        Assert.False(_b.Replica.Context.Covers(difference.Context));
    }

    [Fact]
    public void What_comes_by_another_way_meanwhile_is_judged_by_what_the_sender_has_seen()
    {
        var write = _a.Set("k", 1);
        _a.Remove("k");
        var difference = Differ(_a, _b);
        Assert.Equal(ApplyOutcome.Applied, _b.Replica.Apply(write));
        Assert.True(_b.Replica.ApplyDifference(difference));
        Assert.Empty(_b.Values("k"));
    }

    private static ContextDifference Differ(TestNode from, TestNode to)
    {
        Assert.True(from.Replica.TryDiffer(to.Replica.Context, MostDots, out var difference));
        return difference;
    }

    private static string Name(RowPath path) => System.Text.Encoding.UTF8.GetString(path.Bytes[..^2]);
}
