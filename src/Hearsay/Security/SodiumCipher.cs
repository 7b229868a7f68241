using System.Buffers.Binary;
using Hearsay.Protocols.Security;

namespace Hearsay.Security;

/// <summary>
/// The cryptography of records by libsodium. Where the processor has no instructions for AES, the base library does
/// that part: the same bytes, and slower. Safe on any thread.
/// </summary>
internal sealed class SodiumCipher : RecordCipher
{
    /// <summary>The length of a nonce of AES-GCM, in bytes.</summary>
    public const int NonceBytes = 12;

    private static readonly bool s_hasAes = Sodium.HasAes;

    /// <inheritdoc/>
    public override void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> boot, Span<byte> bootKey) =>
        _ = Sodium.Derive(bootKey, boot, key, 0);

    /// <inheritdoc/>
    public override void Seal(
        ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(number, nonce);
        if (s_hasAes)
        {
            _ = Sodium.Encrypt(text, tag, 0, text, (ulong)text.Length, data, (ulong)data.Length, 0, nonce, key);
        }
        else
        {
            SlowAes.Seal(key, nonce, data, text, tag);
        }
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
        return s_hasAes
            ? Sodium.Decrypt(text, 0, closed, (ulong)closed.Length, tag, data, (ulong)data.Length, nonce, key) == 0
            : SlowAes.TryOpen(key, nonce, data, closed, tag, text);
    }

    /// <inheritdoc/>
    public override void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) =>
        _ = Sodium.Hash(hash, (nuint)hash.Length, data, (ulong)data.Length, key, (nuint)key.Length);

    /// <inheritdoc/>
    public override void Fill(Span<byte> random) => Sodium.Fill(random);

    /// <summary>Four zeros and the number.</summary>
    public static void WriteNonce(ulong number, Span<byte> nonce)
    {
        nonce[..(NonceBytes - sizeof(ulong))].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[(NonceBytes - sizeof(ulong))..], number);
    }
}
