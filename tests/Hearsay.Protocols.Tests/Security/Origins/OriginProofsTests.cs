using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Origins;

/// <summary>What proves who wrote something, and what does not.</summary>
public sealed class OriginProofsTests
{
    private const int Author = 1;
    private const int Reader = 2;
    private const int Liar = 3;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(60);

    private readonly SeededIdentities _cluster = new();
    private readonly byte[] _content = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
    private long _readersClock = SeededIdentities.Epoch;

    private static ReadOnlySpan<byte> Purpose => "hearsay test 1"u8;

    [Fact]
    public void What_was_signed_by_somebody_never_met_is_proven_and_its_token_is_verified_once()
    {
        var reader = ReaderOf();
        Assert.Null(reader.IdentityOf(SeededIdentities.Keys(Author).Id));
        Assert.Equal(OriginVerdict.Proven, Check(reader, Signed(Author)));
        Assert.Equal("node", reader.IdentityOf(SeededIdentities.Keys(Author).Id)!.Name);
        Assert.Equal(OriginVerdict.Proven, Check(reader, Signed(Author)));
        Assert.Equal(2, reader.Verified);
    }

    [Fact]
    public void Every_bit_of_content_and_proof_counts()
    {
        var reader = ReaderOf();
        var proof = Signed(Author);
        byte[] all = [.. _content, .. proof];
        for (var bit = 0; bit < 8 * all.Length; bit++)
        {
            var changed = all.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(OriginVerdict.Proven, Check(
                reader, changed[_content.Length..], changed[.._content.Length]));
        }

        Assert.Equal(OriginVerdict.Proven, Check(reader, proof));
    }

    [Fact]
    public void Every_bit_counts_also_where_the_author_is_known()
    {
        var reader = ReaderOf();
        var proof = Signed(Author);
        Assert.Equal(OriginVerdict.Proven, Check(reader, proof));
        for (var bit = 0; bit < 8 * proof.Length; bit++)
        {
            var changed = proof.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(OriginVerdict.Proven, Check(reader, changed));
        }
    }

    [Fact]
    public void A_member_that_signs_in_the_name_of_another_proves_nothing_with_either_token()
    {
        var (reader, author) = (ReaderOf(), SeededIdentities.Keys(Author).Id);
        Assert.Equal(OriginVerdict.Forged, Check(reader, Signed(Liar), author: author));

        // The victim's token, which everybody has seen, and the liar's key.
        var keys = new NodeKeys(
            SeededIdentities.Cipher, SeededIdentities.Keys(Author).Secret, SeededIdentities.Keys(Liar).SigningSecret);
        var stolen = new OriginProofs(SecurityOf(keys, _cluster.Token(SeededIdentities.Keys(Author))));
        Assert.Equal(OriginVerdict.Forged, Check(reader, Sign(stolen), author: author));

        // A token that names the liar's key, which the operator did not sign.
        var own = new SeededIdentities(2).Token(keys);
        var forged = new OriginProofs(SecurityOf(keys, own));
        Assert.Equal(OriginVerdict.Forged, Check(reader, Sign(forged), author: author));
        Assert.Equal(OriginVerdict.Proven, Check(reader, Signed(Liar), author: SeededIdentities.Keys(Liar).Id));
    }

    [Fact]
    public void A_proof_is_for_one_purpose_and_one_cluster()
    {
        var proof = Signed(Author);
        Assert.Equal(OriginVerdict.Forged, ReaderOf().Check(
            "hearsay test 2"u8, _content, SeededIdentities.Keys(Author).Id, proof, s_lifetime, Instant.Zero));
        var other = new SeededIdentities(1, "other");
        Assert.Equal(OriginVerdict.Forged, Check(new OriginProofs(other.Security(Reader)), proof));
    }

    [Fact]
    public void A_token_that_has_ended_or_is_revoked_is_refused_before_anything_is_verified()
    {
        var (security, keys) = (ReadersSecurity(), SeededIdentities.Keys(Author));
        var (reader, proof) = (new OriginProofs(security), Signed(Author));
        Assert.Equal(OriginVerdict.Proven, Check(reader, proof));
        var ended = new OriginProofs(_cluster.Security(Author, _cluster.Token(
            keys, 3600, issued: SeededIdentities.Epoch - (3 * 3600))));
        Assert.Equal(OriginVerdict.NotAdmitted, Check(reader, Sign(ended)));
        Assert.True(security.Admission.TryRevoke(
            _cluster.Revoke(keys.Id).Bytes, SeededIdentities.Epoch, out _));
        Assert.Equal(OriginVerdict.NotAdmitted, Check(reader, proof));
        Assert.Equal(1, reader.Verified);

        // Admitted anew, it is heard again.
        var anew = new OriginProofs(_cluster.Security(
            Author, _cluster.Token(keys, issued: SeededIdentities.Epoch + 1)));
        Assert.Equal(OriginVerdict.Proven, Check(reader, Sign(anew)));
    }

    [Fact]
    public void An_extended_token_is_as_good_until_who_extended_it_is_revoked()
    {
        var (keys, renewer) = (SeededIdentities.Keys(Author), SeededIdentities.Keys(5));
        var renewers = _cluster.Token(renewer, isRenewer: true);
        Assert.True(AdmissionToken.TryRead(_cluster.Token(keys, SeededIdentities.Day), out var token));
        var extended = AdmissionToken.Extend(
            SeededIdentities.Cipher, token, SeededIdentities.Epoch + (2 * SeededIdentities.Day), renewer, renewers);
        var author = new OriginProofs(_cluster.Security(Author, extended));
        var security = ReadersSecurity();
        var reader = new OriginProofs(security);
        Assert.True(author.SizeBytes <= OriginProof.LongestBytes);
        Assert.Equal(OriginVerdict.Proven, Check(reader, Sign(author)));
        Assert.True(security.Admission.TryRevoke(
            _cluster.Revoke(renewer.Id).Bytes, SeededIdentities.Epoch, out _));
        Assert.Equal(OriginVerdict.NotAdmitted, Check(reader, Sign(author)));
    }

    [Fact]
    public void What_was_signed_an_hour_longer_ago_than_it_lives_is_refused_and_clocks_may_differ_by_less()
    {
        var (reader, proof) = (ReaderOf(), Signed(Author));
        _readersClock += 3600 + 60;
        Assert.Equal(OriginVerdict.Proven, Check(reader, proof));
        _readersClock++;
        Assert.Equal(OriginVerdict.TooOld, Check(reader, proof));
        Assert.Equal(1, reader.Verified);

        // The author's clock is hours before that of the reader.
        _readersClock = SeededIdentities.Epoch - (5 * 3600);
        Assert.Equal(OriginVerdict.Proven, Check(reader, proof));
    }

    [Fact]
    public void To_verify_what_a_known_author_signed_allocates_nothing_and_neither_does_signing()
    {
        var (reader, author) = (ReaderOf(), new OriginProofs(_cluster.Security(Author)));
        var (proof, id) = (Sign(author), SeededIdentities.Keys(Author).Id);
        var bad = proof.ToArray();
        bad[20] ^= 1;
        var (fine, rounds) = (0, 0);
        void SignAndCheck()
        {
            rounds++;
            for (var i = 0; i < 200; i++)
            {
                author.Sign(Purpose, _content, proof, Instant.Zero);
                fine += reader.Check(Purpose, _content, id, proof, s_lifetime, Instant.Zero)
                    == OriginVerdict.Proven ? 1 : 0;
                fine += reader.Check(Purpose, _content, id, bad, s_lifetime, Instant.Zero)
                    == OriginVerdict.Forged ? 1 : 0;
            }
        }

        SignAndCheck();
        Assert.Equal(0, SteadyState.Bytes(SignAndCheck));
        Assert.Equal(400 * rounds, fine);
    }

    [Fact]
    public void Whatever_comes_is_refused_and_nothing_throws()
    {
        var (reader, random) = (ReaderOf(), new Random(1));
        var proof = Signed(Author);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? new byte[random.Next(OriginProof.LongestBytes + 10)] : proof.ToArray();
            if (i % 2 == 0)
            {
                random.NextBytes(bytes);
            }

            if (bytes.Length > 2)
            {
                var length = i % 3 == 0 ? bytes.Length - OriginProof.FixedBytes : random.Next(600);
                (bytes[^2], bytes[^1]) = ((byte)(length >> 8), (byte)length);
                bytes[random.Next(bytes.Length - 2)] ^= (byte)random.Next(1, 256);
            }

            Assert.NotEqual(OriginVerdict.Proven, Check(reader, bytes));
        }
    }

    private OriginVerdict Check(
        OriginProofs reader, byte[] proof, byte[]? content = null, NodeId? author = null) => reader.Check(
            Purpose, content ?? _content, author ?? SeededIdentities.Keys(Author).Id, proof, s_lifetime, Instant.Zero);

    private byte[] Signed(int author) => Sign(new OriginProofs(_cluster.Security(author)));

    private byte[] Sign(OriginProofs author)
    {
        var proof = new byte[author.SizeBytes];
        author.Sign(Purpose, _content, proof, Instant.Zero);
        return proof;
    }

    private OriginProofs ReaderOf() => new(ReadersSecurity());

    private IdentitySecurity ReadersSecurity() => _cluster.Security(Reader, wall: _ => _readersClock);

    private IdentitySecurity SecurityOf(NodeKeys keys, byte[] token) => new(
        (SeededCipher.Create(9), SeededIdentities.Cipher), keys, token, _cluster.Admission(),
        _ => SeededIdentities.Epoch);
}
