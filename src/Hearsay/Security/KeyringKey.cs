using System.Buffers.Binary;

namespace Hearsay.Security;

/// <summary>A shared key of a keyring.</summary>
internal sealed class KeyringKey
{
    /// <summary>The length of a shared key, in bytes.</summary>
    public const int SecretBytes = 32;

    private static ReadOnlySpan<byte> IdPurpose => "hearsay key id"u8;

    private static ReadOnlySpan<byte> SignPurpose => "hearsay keyring key 1"u8;

    private readonly byte[] _secret;
    private readonly byte[] _signature;

    /// <summary>A key as a file or a packet holds it.</summary>
    /// <param name="version">Its version: the higher one is the newer.</param>
    /// <param name="secret">32 bytes; copied.</param>
    /// <param name="signature">The operator's, or nothing; copied.</param>
    public KeyringKey(ulong version, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> signature)
    {
        (Version, _secret, _signature) = (version, secret.ToArray(), signature.ToArray());
        Span<byte> id = stackalloc byte[16];
        _ = Sodium.Hash(id, 16, IdPurpose, (ulong)IdPurpose.Length, _secret, SecretBytes);
        Id = BinaryPrimitives.ReadUInt64BigEndian(id);
    }

    /// <summary>Its version.</summary>
    public ulong Version { get; }

    /// <summary>A name for it, which tells nothing of the key.</summary>
    public ulong Id { get; }

    /// <summary>The key itself.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>The operator's signature; empty without an operator.</summary>
    public ReadOnlySpan<byte> Signature => _signature;

    /// <summary>A new key.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="operatorKey">Who signs it; null for nobody.</param>
    public static KeyringKey Make(ulong version, OperatorKey? operatorKey)
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        Sodium.Fill(secret);
        return new KeyringKey(version, secret, operatorKey is null ? [] : operatorKey.Sign(Signed(version, secret)));
    }

    /// <summary>Whether an operator signed it.</summary>
    public bool IsSignedBy(ReadOnlySpan<byte> operatorKey) =>
        Sodium.Verify(Signed(Version, _secret), operatorKey, _signature);

    /// <summary>Its version and name, and nothing of the key.</summary>
    public override string ToString() => $"key {Id:x16} of version {Version}";

    private static byte[] Signed(ulong version, ReadOnlySpan<byte> secret)
    {
        var purpose = SignPurpose;
        var message = new byte[purpose.Length + sizeof(ulong) + SecretBytes];
        purpose.CopyTo(message);
        BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan(purpose.Length), version);
        secret.CopyTo(message.AsSpan(purpose.Length + sizeof(ulong)));
        return message;
    }
}
