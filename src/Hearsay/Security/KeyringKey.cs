using System.Buffers.Binary;

namespace Hearsay.Security;

/// <summary>A shared key of a keyring.</summary>
internal sealed class KeyringKey
{
    /// <summary>The length of a shared key, in bytes.</summary>
    public const int SecretBytes = 32;

    private static ReadOnlySpan<byte> IdPurpose => "hearsay key id"u8;

    private static ReadOnlySpan<byte> SignPurpose => "hearsay keyring key 2"u8;

    private readonly byte[] _secret;
    private readonly byte[] _signature;

    /// <summary>A key as a file or a packet holds it.</summary>
    /// <param name="version">Its version: the higher one is the newer.</param>
    /// <param name="secret">32 bytes; copied.</param>
    /// <param name="signing">When it was signed, and for how long older keys are kept; zero without an operator.
    /// </param>
    /// <param name="signature">The operator's, or nothing; copied.</param>
    public KeyringKey(
        ulong version, ReadOnlySpan<byte> secret, KeySigning signing = default, ReadOnlySpan<byte> signature = default)
    {
        (Version, Signing) = (version, signing);
        (_secret, _signature) = (secret.ToArray(), signature.ToArray());
        Span<byte> id = stackalloc byte[16];
        _ = Sodium.Hash(id, 16, IdPurpose, (ulong)IdPurpose.Length, _secret, SecretBytes);
        Id = BinaryPrimitives.ReadUInt64BigEndian(id);
    }

    /// <summary>Its version.</summary>
    public ulong Version { get; }

    /// <summary>A name for it, which tells nothing of the key.</summary>
    public ulong Id { get; }

    /// <summary>When it was signed, and for how long older keys are kept.</summary>
    public KeySigning Signing { get; }

    /// <summary>The key itself.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>The operator's signature; empty without an operator.</summary>
    public ReadOnlySpan<byte> Signature => _signature;

    /// <summary>A new key that nobody signs.</summary>
    /// <param name="version">Its version.</param>
    public static KeyringKey Make(ulong version)
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        Sodium.Fill(secret);
        return new KeyringKey(version, secret);
    }

    /// <summary>A new key of a ring, signed by its operator.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="ring">The number of the ring.</param>
    /// <param name="signing">When it is signed, and for how long older keys are kept.</param>
    /// <param name="operatorKey">Who signs.</param>
    public static KeyringKey Make(ulong version, ulong ring, KeySigning signing, OperatorKey operatorKey)
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        Sodium.Fill(secret);
        return new KeyringKey(version, secret, signing, operatorKey.Sign(Signed(ring, version, signing, secret)));
    }

    /// <summary>Whether an operator signed it for a ring.</summary>
    public bool IsSignedBy(ReadOnlySpan<byte> operatorKey, ulong ring) =>
        Sodium.Verify(Signed(ring, Version, Signing, _secret), operatorKey, _signature);

    /// <summary>Whether two are the same key.</summary>
    public bool IsSameAs(KeyringKey other) => Version == other.Version && _secret.AsSpan().SequenceEqual(other._secret);

    /// <summary>Its version and name, and nothing of the key.</summary>
    public override string ToString() => $"key {Id:x16} of version {Version}";

    private static byte[] Signed(ulong ring, ulong version, KeySigning signing, ReadOnlySpan<byte> secret)
    {
        var purpose = SignPurpose;
        var message = new byte[purpose.Length + (3 * sizeof(ulong)) + sizeof(uint) + SecretBytes];
        purpose.CopyTo(message);
        var rest = message.AsSpan(purpose.Length);
        BinaryPrimitives.WriteUInt64BigEndian(rest, ring);
        BinaryPrimitives.WriteUInt64BigEndian(rest[8..], version);
        BinaryPrimitives.WriteUInt64BigEndian(rest[16..], signing.Time);
        BinaryPrimitives.WriteUInt32BigEndian(rest[24..], signing.Keep);
        secret.CopyTo(rest[28..]);
        return message;
    }
}
