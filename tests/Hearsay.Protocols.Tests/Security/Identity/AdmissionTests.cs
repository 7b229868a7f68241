using CsCheck;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>Who is admitted, for how long, and what takes that back.</summary>
public sealed class AdmissionTests
{
    private const long Now = SeededIdentities.Epoch;
    private const int Day = SeededIdentities.Day;
    private const int Hour = 3600;

    private readonly SeededIdentities _cluster = new();
    private readonly NodeKeys _keys = SeededIdentities.Keys(1);

    [Fact]
    public void A_token_admits_its_node_until_its_end_and_an_hour_more()
    {
        var member = _cluster.Admission().Verify(_cluster.Token(_keys, Day), null, Now)!;
        Assert.Equal(_keys.Id, member.Id);
        Assert.Equal("node", member.Identity.Name);
        Assert.Equal(_keys.Public, member.Identity.Key.Span);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(Now + Day), member.Identity.ValidUntil);
        Assert.NotNull(_cluster.Admission().Verify(_cluster.Token(_keys, Day), null, Now + Day + Hour));
        Assert.Null(_cluster.Admission().Verify(_cluster.Token(_keys, Day), null, Now + Day + Hour + 1));
        Assert.Null(_cluster.Admission().Verify(_cluster.Token(_keys, Day), member, Now + Day + Hour + 1));
    }

    [Fact]
    public void A_token_of_another_admission_key_or_cluster_is_refused_and_so_is_any_changed_one()
    {
        Assert.Null(_cluster.Admission().Verify(new SeededIdentities(2).Token(_keys), null, Now));
        Assert.Null(_cluster.Admission().Verify(new SeededIdentities(1, "other").Token(_keys), null, Now));
        var token = _cluster.Token(_keys);
        for (var bit = 0; bit < 8 * token.Length; bit++)
        {
            token[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_cluster.Admission().Verify(token, null, Now));
            token[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.NotNull(_cluster.Admission().Verify(token, null, Now));
    }

    [Fact]
    public void A_token_with_an_end_that_is_no_date_is_none_even_if_it_is_signed()
    {
        var last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        var latest = _cluster.Token(_keys, Day, issued: last - Day);
        Assert.Equal(last, _cluster.Admission().Verify(latest, null, Now)!.End);
        foreach (var issued in new[] { last - Day + 1, last + 1, long.MaxValue / 2 })
        {
            var token = _cluster.Token(_keys, Day, issued: issued);
            Assert.False(AdmissionToken.TryRead(token, out _));
            Assert.Null(_cluster.Admission().Verify(token, null, Now));
        }
    }

    [Fact]
    public void A_clock_that_is_behind_does_not_keep_a_token_alive_once_a_newer_one_is_seen()
    {
        var admission = _cluster.Admission();
        Assert.NotNull(admission.Verify(_cluster.Token(_keys, Day), null, Now - (300 * Day)));
        var newer = _cluster.Token(SeededIdentities.Keys(2), Day, issued: Now + (3 * Day));
        Assert.NotNull(admission.Verify(newer, null, Now - (300 * Day)));
        Assert.Null(admission.Verify(_cluster.Token(_keys, Day), null, Now - (300 * Day)));
    }

    [Fact]
    public void A_revocation_takes_back_what_was_signed_until_then_and_the_operator_may_admit_the_node_again()
    {
        var admission = _cluster.Admission();
        var member = admission.Verify(_cluster.Token(_keys), null, Now)!;
        Assert.True(admission.TryRevoke(_cluster.Revoke(_keys.Id, Now + 5).Bytes, Now + 5, out var news));
        Assert.NotNull(news);
        Assert.False(admission.IsAdmitted(member, Now + 5));
        Assert.Null(admission.Verify(_cluster.Token(_keys), member, Now + 5));
        Assert.NotNull(admission.Verify(_cluster.Token(_keys, issued: Now + 6), null, Now + 6));
        Assert.NotNull(admission.Verify(_cluster.Token(SeededIdentities.Keys(2)), null, Now + 6));
    }

    [Fact]
    public void Only_the_operator_of_the_cluster_revokes()
    {
        var admission = _cluster.Admission();
        Assert.False(admission.TryRevoke(new SeededIdentities(2).Revoke(_keys.Id).Bytes, Now, out _));
        Assert.False(admission.TryRevoke(new SeededIdentities(1, "other").Revoke(_keys.Id).Bytes, Now, out _));
        var bytes = _cluster.Revoke(_keys.Id).Bytes.ToArray();
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(admission.TryRevoke(bytes, Now, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(admission.TryRevoke(bytes, Now, out _));
    }

    [Fact]
    public void A_renewer_extends_and_neither_admits_nor_outlives_its_own_token_nor_its_revocation()
    {
        var (renewer, other) = (SeededIdentities.Keys(8), SeededIdentities.Keys(9));
        var (its, mine) = (_cluster.Token(renewer, 10 * Day, isRenewer: true), _cluster.Token(_keys, Day));
        var extended = Extend(mine, Now + (2 * Day), renewer, its);
        Assert.Equal(Now + (2 * Day), _cluster.Admission().Verify(extended, null, Now)!.End);
        Assert.NotNull(_cluster.Admission().Verify(extended, null, Now + (2 * Day)));

        // Not by a node that is no renewer, not in another's name, not beyond its own end, not a token of nobody.
        Assert.Null(_cluster.Admission().Verify(
            Extend(mine, Now + (2 * Day), other, _cluster.Token(other, 10 * Day)), null, Now));
        Assert.Null(_cluster.Admission().Verify(Extend(mine, Now + (2 * Day), other, its), null, Now));
        Assert.Null(_cluster.Admission().Verify(Extend(mine, Now + (11 * Day), renewer, its), null, Now));
        Assert.Null(_cluster.Admission().Verify(
            Extend(new SeededIdentities(2).Token(_keys), Now + (40 * Day), renewer, its), null, Now));
        Assert.False(AdmissionToken.TryRead(Extend(mine, Now + (91 * Day), renewer, its), out _));

        var admission = _cluster.Admission();
        Assert.True(admission.TryRevoke(_cluster.Revoke(renewer.Id).Bytes, Now, out _));
        Assert.Null(admission.Verify(extended, null, Now));
        Assert.NotNull(admission.Verify(mine, null, Now));
    }

    [Fact]
    public void Reading_a_token_bears_anything_and_reads_nothing_beyond_it()
    {
        var token = _cluster.Token(_keys);
        var renewer = SeededIdentities.Keys(8);
        var extended = Extend(
            token, Now + (40 * Day), renewer, _cluster.Token(renewer, 60 * Day, isRenewer: true));
        Assert.True(AdmissionToken.TryRead(extended, out var whole) && whole.IsExtended);
        for (var length = 0; length < extended.Length; length++)
        {
            Assert.Equal(length == token.Length, AdmissionToken.TryRead(extended.AsSpan(0, length), out _));
        }

        Gen.Byte.Array[0, 600].Sample(bytes => AdmissionToken.TryRead(bytes, out _) || true, iter: 20_000);
        Gen.Select(Gen.Int[0, extended.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var changed = extended.ToArray();
                foreach (var (at, value) in changes)
                {
                    changed[at] = value;
                }

                return changed.AsSpan().SequenceEqual(extended)
                    || _cluster.Admission().Verify(changed, null, Now) is null;
            },
            iter: 2_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_name_is_from_1_to_64_bytes(int bytes) => Assert.ThrowsAny<ArgumentException>(
        () => AdmissionToken.Make(
            SeededIdentities.Cipher, _cluster.AdmissionSecret, 1, new byte[64], new byte[bytes], (1, 2), false));

    [Fact]
    public void The_revocations_are_bounded_have_one_digest_in_any_order_and_are_kept_as_long_as_tokens_live()
    {
        var (one, other) = (new Revocations(), new Revocations());
        var all = Enumerable.Range(0, 20).Select(i => _cluster.Revoke(SeededIdentities.Keys(i).Id, Now + i)).ToArray();
        Assert.All(all, revocation => Assert.True(one.TryAdd(revocation, Now)));
        Assert.All(all.Reverse(), revocation => Assert.True(other.TryAdd(revocation, Now)));
        Assert.NotEqual(0UL, one.Digest);
        Assert.Equal(one.Digest, other.Digest);
        Assert.False(one.TryAdd(all[3], Now));
        for (var i = 0; i < Revocations.Capacity + 50; i++)
        {
            one.TryAdd(_cluster.Revoke(new NodeId(7, (ulong)i), Now + i), Now);
        }

        Assert.Equal(Revocations.Capacity, one.Count);
        Assert.Equal(70, one.Refused);
        var late = Now + (95 * Day);
        Assert.False(one.TryAdd(_cluster.Revoke(new NodeId(8, 1), Now), late));
        Assert.True(one.TryAdd(_cluster.Revoke(new NodeId(8, 1), late), late));
        Assert.Equal(1, one.Count);
    }

    private static byte[] Extend(byte[] token, long end, NodeKeys renewer, byte[] renewerToken)
    {
        Assert.True(AdmissionToken.TryRead(token, out var read));
        return AdmissionToken.Extend(SeededIdentities.Cipher, read, end, renewer, renewerToken);
    }
}
