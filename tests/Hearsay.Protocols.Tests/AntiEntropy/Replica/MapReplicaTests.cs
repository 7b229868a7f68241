using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Replica;

public sealed class MapReplicaTests
{
    private readonly TestNode _a = new(1);
    private readonly TestNode _b = new(2);
    private readonly TestNode _c = new(3);

    [Fact]
    public void A_write_replaces_what_its_writer_has_seen_and_a_concurrent_one_stays()
    {
        var first = _a.Set("k", 1);
        Assert.Equal(ApplyOutcome.Applied, _b.Replica.Apply(first));
        var (second, concurrent) = (_a.Set("k", 2), _b.Set("k", 3));
        Assert.Equal(ApplyOutcome.Applied, _b.Replica.Apply(second));
        Assert.Equal(ApplyOutcome.Applied, _a.Replica.Apply(concurrent));
        Assert.Equal([2, 3], _a.Values("k"));
        Assert.Equal([2, 3], _b.Values("k"));
        Assert.Equal(_a.Replica.Root, _b.Replica.Root);
        Assert.Equal(ApplyOutcome.AlreadySeen, _a.Replica.Apply(concurrent));
        _a.AssertConsistent();
    }

    [Fact]
    public void Of_concurrent_registers_the_highest_stamp_wins_and_a_later_write_has_a_higher_one()
    {
        _a.Set("k", 1);
        _a.Set("k", 2);
        _b.Set("k", 3);
        _a.Pull(_b);
        var rows = _a.Replica.RowsOf(TestNode.Path("k"));
        Assert.Equal(2, rows.Length);
        var winner = rows[0].Wins(rows[1]) ? rows[0] : rows[1];
        Assert.Equal((6UL, 2), (winner.Stamp, _a.Store.Rows[winner.Claim].Key.Value.Span[0]));
    }

    [Fact]
    public void A_removal_that_comes_before_what_it_removes_is_left_to_an_exchange()
    {
        var (write, removal) = (_a.Set("k", 1), _a.Remove("k"));
        Assert.Equal(ApplyOutcome.LeftToExchange, _b.Replica.Apply(removal));
        Assert.Equal(ApplyOutcome.Applied, _b.Replica.Apply(write));
        Assert.Equal([1], _b.Values("k"));
        Assert.Equal(ApplyOutcome.Applied, _b.Replica.Apply(removal));
        Assert.Empty(_b.Values("k"));
        _c.Pull(_b);
        Assert.Equal(ApplyOutcome.AlreadySeen, _c.Replica.Apply(write));
        Assert.Empty(_c.Values("k"));
    }

    [Fact]
    public void A_removal_spares_what_its_writer_had_not_seen()
    {
        var first = _a.Set("k", 1);
        _b.Replica.Apply(first);
        _b.Set("k", 2);
        _c.Set("k", 3);
        _b.Pull(_c);
        var removal = _a.Remove("k");
        Assert.Equal(ApplyOutcome.Applied, _b.Replica.Apply(removal));
        Assert.Equal([2, 3], _b.Values("k"));
    }

    [Fact]
    public void A_batch_is_one_event_and_one_of_its_keys_can_be_replaced_alone()
    {
        var batch = _a.Write(TestNode.Change("k", 1), TestNode.Change("l", 2));
        _b.Replica.Apply(batch);
        Assert.Equal("1|2", _b.Shown("k", "l"));
        _a.Replica.Apply(_b.Set("k", 3));
        Assert.Equal("3|2", _a.Shown("k", "l"));
        _c.Pull(_a);
        Assert.Equal(ApplyOutcome.AlreadySeen, _c.Replica.Apply(batch));
        Assert.Equal([3], _c.Values("k"));
    }

    [Fact]
    public void A_batch_has_a_bound_and_no_two_changes_of_the_same_rows()
    {
        MapChange[] many = [.. Enumerable.Range(0, 257).Select(i => TestNode.Change($"{i}", 1))];
        Assert.Equal(WriteOutcome.Refused, _a.Replica.Write(many, 0, out _));
        Assert.Equal(WriteOutcome.Refused, _a.Replica.Write([], 0, out _));
        Assert.Equal(WriteOutcome.Refused, _a.Replica.Write(
            [TestNode.Change("k", 1), MapChange.Remove(TestNode.Path("k"))], 0, out _));
        Assert.Equal(WriteOutcome.Committed, _a.Replica.Write(many[..256], 0, out _));
    }

    [Fact]
    public void Nothing_leaves_before_it_is_durable()
    {
        _a.Replica.Write([TestNode.Change("k", 1)], 0, out var dot);
        Assert.False(_a.Replica.IsDurable(_a.Replica.Committed));
        Assert.False(_a.Replica.Told!.Context.Covers(dot));
        var leaving = new List<MapEvent>();
        _a.Store.SyncFails = true;
        Assert.Equal(SyncOutcome.Failed, _a.Replica.Sync(leaving));
        Assert.Empty(leaving);
        _a.Store.SyncFails = false;
        Assert.Equal(SyncOutcome.Done, _a.Replica.Sync(leaving));
        Assert.Single(leaving);
        Assert.True(_a.Replica.IsDurable(_a.Replica.Committed));
        Assert.True(_a.Replica.Told!.Context.Covers(dot));
    }

    [Fact]
    public void A_write_that_the_store_does_not_take_changes_nothing_and_ends_the_epoch()
    {
        var first = _a.Set("k", 1);
        var before = (_a.Replica.Root, _a.Replica.Context);
        _a.Store.CommitFails = true;
        Assert.Equal(WriteOutcome.StoreFailed, _a.Replica.Write([TestNode.Change("k", 2)], 0, out var failed));
        Assert.Equal(before, (_a.Replica.Root, _a.Replica.Context));
        _a.Store.CommitFails = false;
        var second = _a.Set("k", 3);
        Assert.NotEqual(first.Dot.Epoch, second.Dot.Epoch);
        Assert.NotEqual(failed, second.Dot);
        Assert.Equal(1, _a.Replica.Counters.StoreFailures);
    }

    [Fact]
    public void An_exchange_that_is_cut_has_no_effect()
    {
        _a.Set("k", 1);
        var before = (_b.Replica.Root, _b.Replica.Context);
        var session = _b.Stage(_a);
        Assert.Equal(before, (_b.Replica.Root, _b.Replica.Context));
        _b.Replica.Abort(session);
        Assert.False(_b.Replica.Complete(session));
        Assert.Equal(before, (_b.Replica.Root, _b.Replica.Context));
        _b.Pull(_a);
        Assert.Equal([1], _b.Values("k"));
        Assert.False(_b.Replica.Complete(session));
    }

    [Fact]
    public void What_comes_by_another_way_during_an_exchange_is_judged_by_what_the_peer_had()
    {
        var write = _a.Set("k", 1);
        _b.Pull(_a);
        _b.Remove("k");
        var session = _c.Stage(_b);
        Assert.Equal(ApplyOutcome.Applied, _c.Replica.Apply(write));
        Assert.True(_c.Replica.Complete(session));
        Assert.Empty(_c.Values("k"));
        Assert.Equal(_b.Replica.Context, _c.Replica.Context);
        _c.AssertConsistent();
    }

    [Fact]
    public void Every_opening_has_an_epoch_of_its_own_and_closing_folds_the_old_ones()
    {
        var epochs = new HashSet<EpochId>();
        for (var opening = 0; opening < 20; opening++)
        {
            _a.Open();
            epochs.Add(_a.Set("k", (byte)opening).Dot.Epoch);
            Assert.Equal(opening == 0 ? WriteOutcome.Nothing : WriteOutcome.Committed, _a.Replica.CloseEpochs(out _));
        }

        Assert.Equal(20, epochs.Count);
        Assert.Equal((1, 19), (_a.Replica.Context.Open.Count, _a.Replica.Context.Folded.Count));
        _b.Pull(_a);
        Assert.Equal(_a.Replica.Context, _b.Replica.Context);
    }

    [Fact]
    public void A_restored_node_does_not_count_its_share_twice()
    {
        _a.Write(MapChange.Increment(TestNode.Path("n"), 5));
        _b.Pull(_a);
        var (rows, claims) = (_a.Store.Rows.ToArray(), _a.Store.Claims);
        _a.Write(MapChange.Increment(TestNode.Path("n"), 7));
        _b.Pull(_a);
        Assert.Equal(12, _b.Counter("n"));
        _a.Store.Rows.Clear();
        foreach (var (claim, row) in rows)
        {
            _a.Store.Rows.Add(claim, row);
        }

        _a.Store.Claims = claims;
        _a.Open();
        Assert.True(_a.Replica.IsTrusted);
        _a.Write(MapChange.Increment(TestNode.Path("n"), -2));
        _a.Pull(_b);
        _b.Pull(_a);
        Assert.Equal((10, 10), (_a.Counter("n"), _b.Counter("n")));
    }

    [Fact]
    public void A_replica_that_hears_of_its_own_epoch_takes_another()
    {
        var mine = _a.Set("k", 1).Dot;
        var foreign = new Dot(mine.Epoch, 7);
        var row = new MapRow(TestNode.Path("l"), foreign, RowKind.Register, 1, 0, true, new byte[] { 2 });
        var heard = new MapEvent(foreign, [new EventEntry(row.Path, false, [], row)], []);
        Assert.Equal(ApplyOutcome.Applied, _a.Replica.Apply(heard));
        Assert.NotEqual(mine.Epoch, _a.Set("k", 3).Dot.Epoch);
        Assert.Equal(1, _a.Replica.Counters.EpochsAbandoned);
    }

    [Fact]
    public void The_log_is_bounded_and_its_floor_says_what_it_may_lack()
    {
        MapEvent? first = null;
        for (var i = 0; i < 6; i++)
        {
            _a.Set("k", (byte)i);
            var removal = _a.Remove("k");
            first ??= removal;
        }

        Assert.Equal(TestNode.Options.LogLength, _a.Replica.Log.Count());
        Assert.True(_a.Replica.LogFloor.Covers(first!.Dot));
        Assert.False(_a.Replica.LogFloor.Covers(_a.Replica.Log.Peek().Dot));
    }

    [Fact]
    public void What_has_expired_is_removed_by_an_event()
    {
        _a.Write(MapChange.Set(TestNode.Path("k"), RowKind.Register, new byte[] { 1 }, expiry: 100));
        _b.Pull(_a);
        Assert.Equal(WriteOutcome.Nothing, _b.Replica.RemoveExpired(99, 0, out _));
        Assert.Equal(WriteOutcome.Committed, _b.Replica.RemoveExpired(100, 0, out _));
        Assert.Equal(ApplyOutcome.Applied, _a.Replica.Apply(_b.Sync()));
        Assert.Empty(_a.Values("k"));
    }

    [Fact]
    public void Malformed_events_are_refused_and_counted()
    {
        var heard = _b.Set("k", 1);
        var row = heard.Entries[0].Row!;
        var other = new EpochId(new NodeId(9, 9), 1);
        MapEvent[] malformed =
        [
            heard with { Dot = heard.Dot with { Sequence = 0 } },
            heard with { Dot = new Dot(other, 1) },
            heard with { Entries = [] },
            heard with { Entries = [heard.Entries[0], heard.Entries[0]] },
            heard with { Entries = [heard.Entries[0] with { IsScope = true }] },
            heard with { Entries = [heard.Entries[0] with { Replaced = [heard.Dot] }] },
            heard with { Entries = [heard.Entries[0] with { Row = row with { Path = TestNode.Path("l") } }] },
            heard with { Closed = [new(other, 5)] },
            heard with { Closed = [new(heard.Dot.Epoch, 5)] },
        ];
        foreach (var one in malformed)
        {
            Assert.Equal(ApplyOutcome.Refused, _a.Replica.Apply(one));
        }

        Assert.Equal(malformed.Length, _a.Replica.Counters.Refused);
        Assert.Equal(CausalContext.Empty, _a.Replica.Context);
    }
}
