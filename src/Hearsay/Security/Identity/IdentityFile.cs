using System.Security.Cryptography;
using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Security.Identity;

/// <summary>
/// The file with the secret keys of one node:
/// <code>
/// hearsay identity 1
/// secret BASE64      32 bytes of X25519, then 64 of Ed25519
/// </code>
/// New keys of X25519 are those that belong to the keys of Ed25519, so that one signature proves both
/// (<see cref="AdmissionRequest"/>).
/// </summary>
internal static class IdentityFile
{
    /// <summary>Longer is no file of these, in bytes.</summary>
    public const int MaximumBytes = 1024;

    private const string Header = "hearsay identity 1";
    private const string Word = "secret";
    private const int SecretBytes = IdentityCipher.KeyBytes + IdentityCipher.SigningSecretBytes;

    private static readonly SodiumIdentity s_cipher = new();

    /// <summary>New keys.</summary>
    public static NodeKeys Make()
    {
        Span<byte> secret = stackalloc byte[IdentityCipher.KeyBytes];
        Span<byte> signing = stackalloc byte[IdentityCipher.SigningSecretBytes];
        Span<byte> signingPublic = stackalloc byte[IdentityCipher.KeyBytes];
        Sodium.MakeSigningKey(signingPublic, signing);
        SodiumIdentity.SecretOf(signing, secret);
        var keys = new NodeKeys(s_cipher, secret, signing);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(signing);
        return keys;
    }

    /// <summary>The keys as a file holds them.</summary>
    public static string ToText(NodeKeys keys)
    {
        byte[] both = [.. keys.Secret, .. keys.SigningSecret];
        return $"{Header}\n{Word} {Convert.ToBase64String(both)}\n";
    }

    /// <summary>The public keys as text, for who admits the node, with the proof that the node has the secret ones.
    /// </summary>
    public static string PublicText(NodeKeys keys) => KeyText.Write(KeyText.Node, AdmissionRequest.Make(keys));

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="keys">The keys.</param>
    public static bool TryParse(string text, out NodeKeys? keys)
    {
        keys = null;
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var words = lines.Length == 2 && lines[0] == Header ? lines[1].Split(' ') : [];
        var bytes = new byte[SecretBytes];
        if (words is not [Word, var secret]
            || !Convert.TryFromBase64String(secret, bytes, out var written) || written != SecretBytes)
        {
            return false;
        }

        keys = new NodeKeys(
            s_cipher, bytes.AsSpan(0, IdentityCipher.KeyBytes), bytes.AsSpan(IdentityCipher.KeyBytes));
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read, others can read it, or it is none of these.</exception>
    public static NodeKeys Read(string path) =>
        TryParse(SecretFile.Read(path, MaximumBytes), out var keys)
            ? keys! : throw new IOException($"'{path}' is no identity of 'hearsay keys identity'.");
}
