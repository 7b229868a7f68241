namespace Hearsay.Protocols.Security.Identity;

/// <summary>Who belongs to a cluster: whoever has a token of its admission key that has not ended, unless it was
/// revoked.</summary>
/// <remarks>
/// Packets compare no clock; tokens do. The time is the later of the node's wall clock and the newest time that the
/// operator has signed, so a clock that is behind does not keep a token alive once a newer one is seen.
/// </remarks>
/// <param name="cipher">Verifies signatures.</param>
/// <param name="admissionKey">The public admission key, 32 bytes; copied.</param>
/// <param name="label">The label of the cluster.</param>
internal sealed class Admission(IdentityCipher cipher, ReadOnlySpan<byte> admissionKey, ulong label)
{
    /// <summary>How far clocks may differ: a token is taken for so long after its end.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    /// <summary>How far a renewer extends a token at most.</summary>
    public static readonly TimeSpan LongestExtension = TimeSpan.FromHours(24);

    private readonly byte[] _key = admissionKey.ToArray();
    private long _newest;

    /// <summary>The revocations that the node knows.</summary>
    public Revocations Revocations { get; } = new();

    /// <summary>The label of the cluster.</summary>
    public ulong Label { get; } = label;

    /// <summary>The public admission key.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>The time by which tokens are judged, in seconds since 1970.</summary>
    public long TimeAt(long wallSeconds) => Math.Max(wallSeconds, _newest);

    /// <summary>Verifies a token.</summary>
    /// <param name="bytes">Anything at all.</param>
    /// <param name="known">A member whose token was verified before; the same bytes are not verified again.</param>
    /// <param name="wallSeconds">The node's wall clock.</param>
    /// <returns>The member; null if it is not admitted.</returns>
    public Member? Verify(ReadOnlySpan<byte> bytes, Member? known, long wallSeconds)
    {
        if (known is not null && bytes.SequenceEqual(known.Token))
        {
            return IsAdmitted(known, wallSeconds) ? known : null;
        }

        return AdmissionToken.TryRead(bytes, out var token) && Authenticate(token) is { } member
            && IsAdmitted(member, wallSeconds) ? member : null;
    }

    /// <summary>Whom a token names, if the operator signed it, admitted or not any more; null if not.</summary>
    public Member? Authenticate(in AdmissionToken token) =>
        IsSigned(token) ? new Member(NodeKeys.IdOf(token.Key), token) : null;

    /// <summary>Whether a node is admitted if its token is authentic, which is not looked at.</summary>
    /// <param name="id">The node that the token names.</param>
    /// <param name="token">The token.</param>
    /// <param name="wallSeconds">The node's wall clock.</param>
    public bool MayBeAdmitted(NodeId id, in AdmissionToken token, long wallSeconds) =>
        token.End + (long)Tolerance.TotalSeconds >= TimeAt(wallSeconds)
        && !Revocations.IsRevoked(id, token.Issued)
        && !(token.IsExtended && AdmissionToken.TryRead(token.RenewerToken, out var renewer)
            && Revocations.IsRevoked(NodeKeys.IdOf(renewer.Key), renewer.Issued));

    /// <summary>Whether a member is still admitted.</summary>
    public bool IsAdmitted(Member member, long wallSeconds) =>
        member.End + (long)Tolerance.TotalSeconds >= TimeAt(wallSeconds)
        && !Revocations.IsRevoked(member.Id, member.Issued)
        && !(!member.Renewer.IsNone && Revocations.IsRevoked(member.Renewer, member.RenewerIssued));

    /// <summary>Whether the node knows a revocation, or a later one of the same node: no need to verify it.</summary>
    /// <param name="bytes">Anything of the right length.</param>
    public bool Knows(ReadOnlySpan<byte> bytes) => Revocations.IsRevoked(NodeId.Read(bytes), Revocation.TimeIn(bytes));

    /// <summary>Takes in a revocation.</summary>
    /// <param name="bytes">Anything at all.</param>
    /// <param name="wallSeconds">The node's wall clock.</param>
    /// <param name="news">The revocation if it is news; else null.</param>
    /// <returns>False if the operator did not sign it.</returns>
    public bool TryRevoke(ReadOnlySpan<byte> bytes, long wallSeconds, out Revocation? news)
    {
        news = null;
        if (!Revocation.TryRead(cipher, _key, Label, bytes, out var revocation))
        {
            return false;
        }

        news = Revocations.TryAdd(revocation!, TimeAt(wallSeconds)) ? revocation : null;
        _newest = Math.Max(_newest, revocation!.Time);
        return true;
    }

    private bool IsSigned(in AdmissionToken token)
    {
        if (!IsSignedByOperator(token))
        {
            return false;
        }

        if (!token.IsExtended)
        {
            return true;
        }

        // An extension lasts no longer than its renewer's own token, so that a renewer's end ends what it signed.
        return AdmissionToken.TryRead(token.RenewerToken, out var renewer) && renewer.IsRenewer
            && renewer.End >= token.End && IsSignedByOperator(renewer)
            && AdmissionToken.Verify(
                cipher, AdmissionToken.RenewalPurpose, token.RenewalSigned, renewer.SigningKey, token.RenewalSignature);
    }

    private bool IsSignedByOperator(in AdmissionToken token)
    {
        if (token.Label != Label || !AdmissionToken.Verify(
            cipher, AdmissionToken.TokenPurpose, token.Signed, _key, token.Signature))
        {
            return false;
        }

        _newest = Math.Max(_newest, token.Issued);
        return true;
    }
}
