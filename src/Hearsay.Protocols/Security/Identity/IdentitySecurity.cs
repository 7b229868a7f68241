using System.Security.Cryptography;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>What one node needs in mode identity: its keys, its token, and who decides about others.</summary>
internal sealed class IdentitySecurity
{
    private readonly byte[] _filter = GC.AllocateArray<byte>(RecordCipher.KeyBytes, pinned: true);
    private byte[] _token;

    /// <summary>The security of a node.</summary>
    /// <param name="ciphers">The cryptography of records and of identities.</param>
    /// <param name="keys">The node's keys.</param>
    /// <param name="token">Its token.</param>
    /// <param name="admission">Who decides about others.</param>
    /// <param name="wall">The wall clock, in seconds since 1970, at an instant of the node.</param>
    public IdentitySecurity(
        (RecordCipher Records, IdentityCipher Identities) ciphers,
        NodeKeys keys,
        ReadOnlySpan<byte> token,
        Admission admission,
        Func<Instant, long> wall)
    {
        (Cipher, Identities, Keys, Admission, Wall) = (ciphers.Records, ciphers.Identities, keys, admission, wall);
        _token = token.ToArray();
        Span<byte> data = stackalloc byte[FilterPurpose.Length + sizeof(ulong)];
        FilterPurpose.CopyTo(data);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(data[FilterPurpose.Length..], admission.Label);
        Cipher.Hash(admission.Key, data, _filter);
    }

    private static ReadOnlySpan<byte> FilterPurpose => "hearsay identity filter 2"u8;

    /// <summary>The cryptography of packets, and random bytes.</summary>
    public RecordCipher Cipher { get; }

    /// <summary>The cryptography of handshakes and signatures.</summary>
    public IdentityCipher Identities { get; }

    /// <summary>The node's keys.</summary>
    public NodeKeys Keys { get; }

    /// <summary>Who belongs to the cluster.</summary>
    public Admission Admission { get; }

    /// <summary>The wall clock, in seconds since 1970.</summary>
    public Func<Instant, long> Wall { get; }

    /// <summary>
    /// The key of what goes before a session. It is derived from the public admission key and keeps out noise, not
    /// attackers: those who know that key have it.
    /// </summary>
    public ReadOnlySpan<byte> Filter => _filter;

    /// <summary>The node's token.</summary>
    public ReadOnlySpan<byte> Token => _token;

    /// <summary>How many sessions began with a node that knew the same revocations, or was told them.</summary>
    public int Informed { get; set; }

    /// <summary>Called when the node learned of revocations; may be called often, and must not block.</summary>
    public Action? Revoked { get; init; }

    /// <summary>Called when the node's token was extended; must not block.</summary>
    public Action? Renewed { get; init; }

    /// <summary>The end of the node's token, in seconds since 1970.</summary>
    public long TokenEnd => AdmissionToken.TryRead(_token, out var token) ? token.End : 0;

    /// <summary>Whether the node's token says that it may extend those of others.</summary>
    public bool IsRenewer => AdmissionToken.TryRead(_token, out var token) && token.IsRenewer;

    /// <summary>Takes an extended token, if it is this node's, valid, and lasts longer than the present one.</summary>
    public bool TryRenew(ReadOnlySpan<byte> bytes, long wallSeconds)
    {
        if (Admission.Verify(bytes, known: null, wallSeconds) is not { } member || member.Id != Keys.Id
            || member.End <= TokenEnd || !AdmissionToken.TryRead(bytes, out var token)
            || !CryptographicOperations.FixedTimeEquals(token.SigningKey, Keys.SigningPublic))
        {
            return false;
        }

        _token = bytes.ToArray();
        Renewed?.Invoke();
        return true;
    }

    /// <summary>
    /// Takes a token that the operator made later than the present one, or that lasts longer, if it is this node's and
    /// valid.
    /// </summary>
    public bool TryReplace(ReadOnlySpan<byte> bytes, long wallSeconds)
    {
        if (bytes.SequenceEqual(_token) || Admission.Verify(bytes, known: null, wallSeconds) is not { } member
            || member.Id != Keys.Id || !AdmissionToken.TryRead(bytes, out var token)
            || !AdmissionToken.TryRead(_token, out var present)
            || (token.Issued <= present.Issued && (token.Issued < present.Issued || token.End <= present.End))
            || !CryptographicOperations.FixedTimeEquals(token.SigningKey, Keys.SigningPublic))
        {
            return false;
        }

        _token = bytes.ToArray();
        Renewed?.Invoke();
        return true;
    }

    /// <summary>Names the node.</summary>
    public override string ToString() => $"identity of node {Keys.Id}";
}
