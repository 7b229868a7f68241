using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>How many operations of X25519 a handshake takes: they are nearly all that it costs.</summary>
public sealed class HandshakeCostTests
{
    private readonly SeededIdentities _cluster = new();
    private readonly CountingIdentity _cipher = new(SeededIdentities.Cipher);

    [Fact]
    public void Two_nodes_that_meet_again_do_not_compute_again_what_their_static_keys_have_in_common()
    {
        var (a, b) = (new IdentityEnd(Security(1), 1), new IdentityEnd(Security(2), 2));
        _cipher.Agreements = 0;
        IdentityEnd.Meet(a, b);
        Assert.Equal(8, _cipher.Agreements);

        foreach (var _ in Enumerable.Range(0, 3))
        {
            IdentityEnd.Pass(Sessions.Longest + TimeSpan.FromMinutes(1), a, b);
            _cipher.Agreements = 0;
            IdentityEnd.Meet(a, b);
            Assert.Equal(6, _cipher.Agreements);
        }

        // One that starts anew has forgotten it.
        b.Restart();
        _cipher.Agreements = 0;
        IdentityEnd.Pass(Sessions.Longest + TimeSpan.FromMinutes(1), a, b);
        IdentityEnd.Meet(a, b);
        Assert.Equal(7, _cipher.Agreements);
    }

    private IdentitySecurity Security(int number)
    {
        var keys = SeededIdentities.Keys(number);
        return new IdentitySecurity(
            (SeededCipher.Create((ulong)number), _cipher), keys, _cluster.Token(keys), _cluster.Admission(),
            now => SeededIdentities.Epoch + (now.Ticks / TimeSpan.TicksPerSecond));
    }

    /// <summary>The real cryptography, which counts.</summary>
    private sealed class CountingIdentity(IdentityCipher inner) : IdentityCipher
    {
        public int Agreements { get; set; }

        public override bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> publicKey, Span<byte> shared)
        {
            Agreements++;
            return inner.TryAgree(secret, publicKey, shared);
        }

        public override void PublicOf(ReadOnlySpan<byte> secret, Span<byte> publicKey) =>
            inner.PublicOf(secret, publicKey);

        public override void Seal(
            ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag) =>
            inner.Seal(key, number, data, text, tag);

        public override bool TryOpen(
            ReadOnlySpan<byte> key,
            ulong number,
            ReadOnlySpan<byte> data,
            ReadOnlySpan<byte> closed,
            ReadOnlySpan<byte> tag,
            Span<byte> text) => inner.TryOpen(key, number, data, closed, tag, text);

        public override void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) =>
            inner.Mac(key, data, hash);

        public override void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secret, Span<byte> signature) =>
            inner.Sign(message, secret, signature);

        public override bool Verify(
            ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature) =>
            inner.Verify(message, publicKey, signature);
    }
}
