using Hearsay.Protocols.Security;

namespace Hearsay.Security;

/// <summary>The cryptography of records by libsodium. Safe on any thread.</summary>
internal sealed class SodiumCipher : RecordCipher
{
    /// <inheritdoc/>
    public override void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag) =>
        _ = Sodium.Encrypt(text, tag, 0, text, (ulong)text.Length, data, (ulong)data.Length, 0, nonce, key);

    /// <inheritdoc/>
    public override bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag,
        Span<byte> text) => Sodium.Decrypt(
            text, 0, closed, (ulong)closed.Length, tag, data, (ulong)data.Length, nonce, key) == 0;

    /// <inheritdoc/>
    public override void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) =>
        _ = Sodium.Hash(hash, (nuint)hash.Length, data, (ulong)data.Length, key, (nuint)key.Length);

    /// <inheritdoc/>
    public override void Fill(Span<byte> random) => Sodium.Fill(random);
}
