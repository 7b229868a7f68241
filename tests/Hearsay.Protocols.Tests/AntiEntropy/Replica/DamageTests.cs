using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Replica;

/// <summary>What a replica concludes from rows that it cannot read.</summary>
public sealed class DamageTests
{
    private readonly TestNode _a = new(1);
    private readonly TestNode _b = new(2);
    private readonly TestNode _c = new(3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_row_that_is_damaged_ends_trust_at_the_opening_and_comes_back_from_a_peer(bool vanishes)
    {
        _a.Set("k", 1);
        _a.Set("l", 2);
        _b.Pull(_a);
        Damage(_a, "k", vanishes);
        _a.Open();
        Assert.False(_a.Replica.IsTrusted);
        Assert.Empty(_a.Values("k"));
        _b.Pull(_a);
        Assert.Equal([1], _b.Values("k"));
        _a.Pull(_b);
        Assert.True(_a.Replica.IsTrusted);
        Assert.Equal("1|2", _a.Shown("k", "l"));
        _a.AssertConsistent();
        _a.Open();
        Assert.True(_a.Replica.IsTrusted);
    }

    [Fact]
    public void A_row_that_is_damaged_ends_trust_when_it_is_read()
    {
        _a.Set("k", 1);
        Damage(_a, "k", vanishes: false);
        Assert.True(_a.Replica.IsTrusted);
        Assert.False(_a.Replica.TryRead(_a.Replica.RowsOf(TestNode.Path("k"))[0].Claim, out _));
        Assert.False(_a.Replica.IsTrusted);
        Assert.Equal((1, 1), (_a.Replica.Counters.DamagedRows, _a.Replica.Counters.TrustLost));
        _a.AssertConsistent();
    }

    [Fact]
    public void A_store_that_is_only_old_is_trusted_and_a_context_without_its_rows_is_not()
    {
        _a.Set("k", 1);
        _a.Open();
        Assert.True(_a.Replica.IsTrusted);
        _a.Store.Rows.Clear();
        _a.Open();
        Assert.False(_a.Replica.IsTrusted);
        Assert.True(_a.Replica.TrustWhatIsHere());
        Assert.True(_a.Replica.IsTrusted);
    }

    /// <summary>
    /// If the row that is left stood for its whole event, the replica would tell a third one that the other row of
    /// the batch was removed.
    /// </summary>
    [Fact]
    public void A_row_of_a_batch_does_not_claim_the_others()
    {
        _a.Write(TestNode.Change("k", 1), TestNode.Change("l", 2));
        _b.Pull(_a);
        Damage(_b, "k", vanishes: true);
        _b.Open();
        Assert.Single(_b.Replica.Context.Claims);
        _b.Pull(_c);
        Assert.True(_b.Replica.IsTrusted);
        _a.Pull(_b);
        Assert.Equal("1|2", _a.Shown("k", "l"));
        _b.Pull(_a);
        Assert.Equal("1|2", _b.Shown("k", "l"));
        Assert.Empty(_b.Replica.Context.Claims);
    }

    [Fact]
    public void A_removal_of_what_is_claimed_in_part_spares_what_was_never_seen()
    {
        var (x, y) = (TestNode.Path("k").Child("x"u8), TestNode.Path("k").Child("y"u8));
        _a.Write(
            MapChange.Set(x, RowKind.Register, new byte[] { 1 }), MapChange.Set(y, RowKind.Register, new byte[] { 2 }));
        _b.Pull(_a);
        _b.Store.Rows.Remove(_b.Replica.RowsOf(x).ToArray().Single(row => row.Path.Equals(y)).Claim);
        _b.Open();
        var removal = _b.Remove("k");
        Assert.Equal(ApplyOutcome.Applied, _a.Replica.Apply(removal));
        Assert.Equal([2], _a.Values("k"));
    }

    [Fact]
    public void An_exchange_that_is_open_when_trust_ends_is_void()
    {
        _a.Set("k", 1);
        _b.Pull(_a);
        _a.Set("l", 2);
        var session = _b.Stage(_a);
        Damage(_b, "k", vanishes: true);
        Assert.False(_b.Replica.Scrub());
        Assert.False(_b.Replica.Complete(session));
        Assert.Equal(1, _b.Replica.Counters.ExchangesVoided);
        _b.Pull(_a);
        Assert.Equal("1|2", _b.Shown("k", "l"));
    }

    private static void Damage(TestNode node, string key, bool vanishes)
    {
        var claim = node.Replica.RowsOf(TestNode.Path(key))[0].Claim;
        if (vanishes)
        {
            node.Store.Rows.Remove(claim);
        }
        else
        {
            node.Store.Change(claim);
        }
    }
}
