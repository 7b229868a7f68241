using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Security.Identity;

/// <summary>The cryptography of identities by libsodium. Safe on any thread.</summary>
internal sealed partial class SodiumIdentity : IdentityCipher
{
    private const string Library = "libsodium";
    private const int NonceBytes = 12;

    /// <inheritdoc/>
    public override void PublicOf(ReadOnlySpan<byte> secret, Span<byte> publicKey)
    {
        Sodium.Start();
        _ = MultiplyBase(publicKey, secret);
    }

    /// <inheritdoc/>
    public override bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> publicKey, Span<byte> shared) =>
        Multiply(shared, secret, publicKey) == 0;

    /// <inheritdoc/>
    public override void Seal(
        ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(number, nonce);
        _ = Encrypt(text, tag, 0, text, (ulong)text.Length, data, (ulong)data.Length, 0, nonce, key);
    }

    /// <inheritdoc/>
    public override bool TryOpen(
        ReadOnlySpan<byte> key,
        ulong number,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag,
        Span<byte> text)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(number, nonce);
        return Decrypt(text, 0, closed, (ulong)closed.Length, tag, data, (ulong)data.Length, nonce, key) == 0;
    }

    /// <inheritdoc/>
    public override void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) =>
        _ = Authenticate(hash, data, (ulong)data.Length, key);

    /// <inheritdoc/>
    public override void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secret, Span<byte> signature) =>
        Sodium.Sign(message, secret, signature);

    /// <inheritdoc/>
    public override bool Verify(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature) =>
        Sodium.Verify(message, publicKey, signature);

    /// <summary>Four zeros and the number, as Noise has it.</summary>
    private static void WriteNonce(ulong number, Span<byte> nonce)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], number);
    }

    /// <summary>The secret key of X25519 that belongs to one of Ed25519.</summary>
    public static void SecretOf(ReadOnlySpan<byte> signingSecret, Span<byte> secret)
    {
        Sodium.Start();
        _ = ToSecret(secret, signingSecret);
    }

    /// <summary>The public key of X25519 that belongs to one of Ed25519.</summary>
    /// <returns>False if it is no key of Ed25519.</returns>
    public static bool TryPublicOf(ReadOnlySpan<byte> signingPublic, Span<byte> publicKey)
    {
        Sodium.Start();
        return ToPublic(publicKey, signingPublic) == 0;
    }

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_sk_to_curve25519")]
    private static partial int ToSecret(Span<byte> secret, ReadOnlySpan<byte> signingSecret);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_pk_to_curve25519")]
    private static partial int ToPublic(Span<byte> publicKey, ReadOnlySpan<byte> signingPublic);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_base")]
    private static partial int MultiplyBase(Span<byte> publicKey, ReadOnlySpan<byte> secret);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult")]
    private static partial int Multiply(Span<byte> shared, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library, EntryPoint = "crypto_auth_hmacsha256")]
    private static partial int Authenticate(
        Span<byte> hash, ReadOnlySpan<byte> data, ulong dataLength, ReadOnlySpan<byte> key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_encrypt_detached")]
    private static partial int Encrypt(
        Span<byte> closed,
        Span<byte> tag,
        nint tagLength,
        ReadOnlySpan<byte> text,
        ulong textLength,
        ReadOnlySpan<byte> data,
        ulong dataLength,
        nint unused,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_decrypt_detached")]
    private static partial int Decrypt(
        Span<byte> text,
        nint unused,
        ReadOnlySpan<byte> closed,
        ulong closedLength,
        ReadOnlySpan<byte> tag,
        ReadOnlySpan<byte> data,
        ulong dataLength,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> key);
}
