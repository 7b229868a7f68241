using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Replica;

/// <summary>A store that makes durable elsewhere: what leaves when, and what becomes of what it cannot take.</summary>
public sealed class SyncingTests
{
    private readonly TestNode _a = new(1);
    private readonly TestNode _b = new(2);
    private readonly List<MapEvent> _leaving = [];

    public SyncingTests() => _a.Store.IsSlow = true;

    [Fact]
    public void Events_leave_in_order_and_each_when_it_is_durable()
    {
        var dots = new[] { Write("a", 1), Write("b", 2), Write("c", 3) };
        Assert.Equal(SyncOutcome.Waiting, _a.Replica.Sync(_leaving));
        Assert.Empty(_leaving);
        _a.Store.Durable = 2;
        Assert.Equal(SyncOutcome.Waiting, _a.Replica.Sync(_leaving));
        Assert.Equal(dots[..2], _leaving.Select(static one => one.Dot));
        Assert.Equal((true, false), (_a.Replica.IsDurable(2), _a.Replica.IsDurable(3)));
        var told = _a.Replica.Told!.Context;
        Assert.Equal((true, false), (told.Covers(dots[1]), told.Covers(dots[2])));
        Assert.Equal((2, 3), (_a.Replica.ToldRows, _a.Replica.Count));
        _a.Store.Durable = 3;
        Assert.Equal(SyncOutcome.Done, _a.Replica.Sync(_leaving));
        Assert.Equal(dots, _leaving.Select(static one => one.Dot));
        Assert.Equal(_a.Replica.Root, _a.Replica.Told.Root);
    }

    [Fact]
    public void What_the_store_cannot_take_is_undone_and_what_was_durable_stays()
    {
        Write("k", 1);
        Write("l", 1);
        _a.Store.Durable = 2;
        _a.Replica.Sync(_leaving);
        var (root, context, epoch) = (_a.Replica.Root, _a.Replica.Context, _a.Replica.Epoch);
        Write("k", 2);
        _a.Replica.Write([MapChange.Remove(TestNode.Path("l")), TestNode.Change("m", 3)], 0, out _);
        _a.Replica.Apply(_b.Set("n", 4));
        Write("k", 5);
        Assert.NotEqual(root, _a.Replica.Root);

        _a.Store.Undoes = true;
        Assert.Equal(SyncOutcome.Undone, _a.Replica.Sync(_leaving));
        Assert.Equal((root, context), (_a.Replica.Root, _a.Replica.Context));
        Assert.Equal("1|1||", _a.Shown("k", "l", "m", "n"));
        Assert.Equal((2, 1), (_leaving.Count, _a.Replica.Counters.StoreFailures));
        _a.AssertConsistent();

        // What was undone may have been written half: its numbers are not used again.
        Write("k", 6);
        Assert.NotEqual(epoch, _a.Replica.Epoch);
        _a.Store.Durable = 3;
        Assert.Equal(SyncOutcome.Done, _a.Replica.Sync(_leaving));
        Assert.Equal("6|1", _a.Shown("k", "l"));
        _a.AssertConsistent();
    }

    [Fact]
    public void Removals_that_are_undone_are_not_in_the_log()
    {
        Write("k", 1);
        _a.Store.Durable = 1;
        _a.Replica.Sync(_leaving);
        for (byte i = 0; i < 5; i++)
        {
            _a.Replica.Write([MapChange.Remove(TestNode.Path("k"))], 0, out _);
            Write("k", i);
        }

        Assert.Equal(3, _a.Replica.Log.Count());
        _a.Store.Undoes = true;
        _a.Replica.Sync(_leaving);
        Assert.Empty(_a.Replica.Log);
        Assert.True(_a.Replica.LogFloor.Equals(CausalContext.Empty));
        _a.AssertConsistent();
    }

    [Fact]
    public void An_exchange_that_is_open_when_something_is_undone_is_void()
    {
        _b.Set("x", 1);
        var session = _a.Replica.BeginExchange(_b.Replica.Summary);
        Write("k", 1);
        _a.Store.Undoes = true;
        _a.Replica.Sync(_leaving);
        Assert.False(_a.Replica.Complete(session));
    }

    [Fact]
    public void That_a_row_is_damaged_holds_at_once_and_is_told_when_it_is_durable()
    {
        Write("k", 1);
        Write("l", 2);
        _a.Store.Durable = 2;
        _a.Replica.Sync(_leaving);
        _a.Store.Change(_a.Replica.RowsOf(TestNode.Path("k"))[0].Claim);
        Assert.False(_a.Replica.Scrub());
        Assert.Null(_a.Replica.Told);
        _a.Store.Undoes = true;
        Assert.Equal(SyncOutcome.Undone, _a.Replica.Sync(_leaving));
        Assert.Equal((false, 1, 1), (_a.Replica.IsTrusted, _a.Replica.Count, _a.Replica.ToldRows));
        Assert.False(_a.Replica.Told!.IsTrusted);
    }

    private Dot Write(string key, byte value)
    {
        Assert.Equal(WriteOutcome.Committed, _a.Replica.Write([TestNode.Change(key, value)], 5, out var dot));
        return dot;
    }
}
