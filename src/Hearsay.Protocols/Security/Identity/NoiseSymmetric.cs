using System.Security.Cryptography;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>The symmetric state of a Noise handshake with ChaChaPoly and SHA-256 (revision 34, section 5.2).</summary>
internal sealed class NoiseSymmetric
{
    private const int HashBytes = 32;

    private readonly IdentityCipher _cipher;
    private readonly byte[] _hash = new byte[HashBytes];
    private readonly byte[] _chain = new byte[HashBytes];
    private readonly byte[] _key = new byte[HashBytes];
    private ulong _number;

    /// <summary>The state at the beginning of a handshake.</summary>
    /// <param name="cipher">The cryptography.</param>
    /// <param name="protocol">The name of the protocol, exactly 32 bytes.</param>
    public NoiseSymmetric(IdentityCipher cipher, ReadOnlySpan<byte> protocol)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(protocol.Length, HashBytes);
        _cipher = cipher;
        protocol.CopyTo(_hash);
        protocol.CopyTo(_chain);
    }

    /// <summary>The hash of all that was said.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Adds something to the hash.</summary>
    public void MixHash(ReadOnlySpan<byte> data)
    {
        Span<byte> both = stackalloc byte[HashBytes + data.Length];
        _hash.CopyTo(both);
        data.CopyTo(both[HashBytes..]);
        SHA256.HashData(both, _hash);
    }

    /// <summary>Adds a shared secret to the key.</summary>
    public void MixKey(ReadOnlySpan<byte> secret)
    {
        Derive(secret, _chain, _key);
        _number = 0;
    }

    /// <summary>Encrypts where it is; the tag follows the text.</summary>
    public void EncryptAndHash(Span<byte> textAndTag)
    {
        var length = textAndTag.Length - IdentityCipher.TagBytes;
        _cipher.Seal(_key, _number++, _hash, textAndTag[..length], textAndTag[length..]);
        MixHash(textAndTag);
    }

    /// <summary>Decrypts a text that its tag follows.</summary>
    /// <returns>False if the tag does not hold: the handshake is over.</returns>
    public bool TryDecryptAndHash(ReadOnlySpan<byte> closedAndTag, Span<byte> text)
    {
        var length = closedAndTag.Length - IdentityCipher.TagBytes;
        if (length < 0
            || !_cipher.TryOpen(_key, _number++, _hash, closedAndTag[..length], closedAndTag[length..], text[..length]))
        {
            return false;
        }

        MixHash(closedAndTag);
        return true;
    }

    /// <summary>The two keys after the last message, and the end of this state.</summary>
    public void Split(Span<byte> first, Span<byte> second)
    {
        Derive([], first, second);
        Clear();
    }

    /// <summary>Forgets its secrets.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_chain);
        CryptographicOperations.ZeroMemory(_key);
    }

    /// <summary>HKDF with two outputs; the chaining key is the salt.</summary>
    private void Derive(ReadOnlySpan<byte> secret, Span<byte> first, Span<byte> second)
    {
        Span<byte> temporary = stackalloc byte[HashBytes];
        Span<byte> next = stackalloc byte[HashBytes + 1];
        Span<byte> one = stackalloc byte[HashBytes];
        _cipher.Mac(_chain, secret, temporary);
        next[0] = 1;
        _cipher.Mac(temporary, next[..1], one);
        one.CopyTo(next);
        next[HashBytes] = 2;
        _cipher.Mac(temporary, next, second);
        one.CopyTo(first);
        CryptographicOperations.ZeroMemory(temporary);
        CryptographicOperations.ZeroMemory(next);
        CryptographicOperations.ZeroMemory(one);
    }
}
