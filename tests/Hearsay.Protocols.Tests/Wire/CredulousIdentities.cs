using System.Security.Cryptography;
using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Protocols.Tests.Wire;

/// <summary>Takes every tag and every signature, and encrypts nothing.</summary>
internal sealed class CredulousIdentities : IdentityCipher
{
    private const byte Difference = 0x55;

    /// <inheritdoc/>
    public override void PublicOf(ReadOnlySpan<byte> secret, Span<byte> publicKey)
    {
        for (var i = 0; i < KeyBytes; i++)
        {
            publicKey[i] = (byte)(secret[i] ^ Difference);
        }
    }

    /// <inheritdoc/>
    public override bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        for (var i = 0; i < KeyBytes; i++)
        {
            shared[i] = (byte)(secret[i] ^ Difference ^ publicKey[i]);
        }

        return publicKey.ContainsAnyExcept((byte)0);
    }

    /// <inheritdoc/>
    public override void Seal(
        ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag) => tag.Clear();

    /// <inheritdoc/>
    public override bool TryOpen(
        ReadOnlySpan<byte> key,
        ulong number,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag,
        Span<byte> text)
    {
        closed.CopyTo(text);
        return true;
    }

    /// <inheritdoc/>
    public override void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) =>
        HMACSHA256.HashData(key, data, hash);

    /// <inheritdoc/>
    public override void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secret, Span<byte> signature) =>
        signature.Clear();

    /// <inheritdoc/>
    public override bool Verify(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureBytes && publicKey.Length == KeyBytes;
}
