using System.Buffers.Binary;
using System.Security.Cryptography;
using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Protocols.Security.Origins;

/// <summary>Signs what this node writes and others pass on, and verifies what others wrote.</summary>
/// <remarks>
/// What costs little comes first. A proof that says itself that it is old, or that its author is not admitted, is not
/// verified: that would be work for a proof that is refused anyway. After the first proof of an author only the
/// signature of the content is verified, which allocates nothing; a token that was verified is compared. Used by the
/// event loop only.
/// </remarks>
/// <param name="security">The keys and the token of the node.</param>
internal sealed class OriginProofs(IdentitySecurity security)
{
    private const int SignedBytes = (2 * sizeof(ulong)) + SHA256.HashSizeInBytes;

    /// <summary>The authors of what was verified. Only whom the operator has admitted has a place in it.</summary>
    private readonly KnownMembers _known = new(SecretOf(security));

    /// <summary>The length of the proofs of this node, in bytes. It grows when its token is extended.</summary>
    public int SizeBytes => OriginProof.FixedBytes + security.Token.Length;

    /// <summary>How many signatures were verified, those of tokens not counted.</summary>
    public long Verified { get; private set; }

    /// <summary>What this node signs as the time, in seconds since 1970.</summary>
    public long TimeAt(Instant now) => security.Wall(now);

    /// <summary>Writes the proof that this node wrote something.</summary>
    /// <param name="purpose">What it is, in ASCII: a proof for one purpose proves nothing for another.</param>
    /// <param name="content">What is proven.</param>
    /// <param name="proof">Receives the proof, as long as <see cref="SizeBytes"/>.</param>
    /// <param name="now">The present moment.</param>
    public void Sign(
        scoped ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> content, scoped Span<byte> proof, Instant now)
    {
        Span<byte> signed = stackalloc byte[SignedBytes];
        var time = security.Wall(now);
        var signature = OriginProof.Write(proof, time, security.Token);
        WriteSigned(signed, time, content);
        AdmissionToken.Sign(security.Identities, purpose, signed, security.Keys.SigningSecret, signature);
    }

    /// <summary>Verifies a proof.</summary>
    /// <param name="purpose">What the content is.</param>
    /// <param name="content">What is to be proven.</param>
    /// <param name="author">Who is said to have written it.</param>
    /// <param name="bytes">The proof; it may be anything at all.</param>
    /// <param name="lifetime">How long the content lives; clocks may differ by some time besides.</param>
    /// <param name="now">The present moment.</param>
    public OriginVerdict Check(
        scoped ReadOnlySpan<byte> purpose,
        ReadOnlySpan<byte> content,
        NodeId author,
        ReadOnlySpan<byte> bytes,
        TimeSpan lifetime,
        Instant now)
    {
        if (!OriginProof.TryRead(bytes, out var proof) || !AdmissionToken.TryRead(proof.Token, out var token)
            || NodeKeys.IdOf(token.Key) != author)
        {
            return OriginVerdict.Forged;
        }

        var seconds = security.Wall(now);
        if (IsTooOld(proof.Time, lifetime, seconds))
        {
            return OriginVerdict.TooOld;
        }

        if (!security.Admission.MayBeAdmitted(author, token, seconds))
        {
            return OriginVerdict.NotAdmitted;
        }

        Verified++;
        Span<byte> signed = stackalloc byte[SignedBytes];
        WriteSigned(signed, proof.Time, content);
        if (!AdmissionToken.Verify(security.Identities, purpose, signed, token.SigningKey, proof.Signature))
        {
            return OriginVerdict.Forged;
        }

        return IsAuthentic(author, token, now) ? OriginVerdict.Proven : OriginVerdict.Forged;
    }

    /// <summary>Whom this node has proof of; null if it has none of that node.</summary>
    public PeerIdentity? IdentityOf(NodeId author) => _known.Find(author)?.Identity;

    /// <summary>Whether the operator signed a token. One that was verified before is not verified again.</summary>
    private bool IsAuthentic(NodeId author, in AdmissionToken token, Instant now)
    {
        var known = _known.Find(author);
        if (known is not null && token.Bytes.SequenceEqual(known.Token))
        {
            _known.Met(known, default, now);
            return true;
        }

        if (security.Admission.Authenticate(token) is not { } member)
        {
            return false;
        }

        _known.Met(member, default, now);
        return true;
    }

    /// <summary>
    /// A node that was away knows no names of what was published before, and ages are told by who passes a message on:
    /// only the time that the author has signed bounds what can be repeated to it. What was signed in the future by
    /// this node's clock is taken, since that can only be the author's clock.
    /// </summary>
    private bool IsTooOld(long time, TimeSpan lifetime, long seconds) =>
        time < security.Admission.TimeAt(seconds) - (long)(Admission.Tolerance + lifetime).TotalSeconds;

    private void WriteSigned(Span<byte> signed, long time, ReadOnlySpan<byte> content)
    {
        BinaryPrimitives.WriteUInt64BigEndian(signed, security.Admission.Label);
        BinaryPrimitives.WriteInt64BigEndian(signed[sizeof(ulong)..], time);
        SHA256.HashData(content, signed[(2 * sizeof(ulong))..]);
    }

    private static ulong SecretOf(IdentitySecurity security)
    {
        Span<byte> secret = stackalloc byte[sizeof(ulong)];
        security.Cipher.Fill(secret);
        return BinaryPrimitives.ReadUInt64BigEndian(secret);
    }
}
