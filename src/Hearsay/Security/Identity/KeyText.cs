using System.Buffers.Text;
using System.Text;

namespace Hearsay.Security.Identity;

/// <summary>Keys and tokens as text: a word that says what it is, and base64url.</summary>
internal static class KeyText
{
    /// <summary>The public keys of a node and the proof that it has the secret ones.</summary>
    public const string Node = "hearsay-node-";

    /// <summary>The public admission key.</summary>
    public const string Admission = "hearsay-admission-";

    /// <summary>An admission token.</summary>
    public const string Token = "hearsay-token-";

    /// <summary>A revocation.</summary>
    public const string Revocation = "hearsay-revocation-";

    /// <summary>Longer is no text of these.</summary>
    public const int MaximumCharacters = 1024;

    /// <summary>Writes bytes as text.</summary>
    public static string Write(string word, ReadOnlySpan<byte> bytes) => word + Base64Url.EncodeToString(bytes);

    /// <summary>Reads bytes of an exact length; anything may come.</summary>
    public static bool TryRead(string word, string text, int length, out byte[] bytes) =>
        TryRead(word, text, out bytes) && bytes.Length == length;

    /// <summary>Reads bytes; anything may come.</summary>
    public static bool TryRead(string word, string text, out byte[] bytes)
    {
        bytes = [];
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length > MaximumCharacters || !trimmed.StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        var encoded = Encoding.UTF8.GetBytes(trimmed[word.Length..].ToString());
        var decoded = new byte[Base64Url.GetMaxDecodedLength(encoded.Length)];
        if (!Base64Url.IsValid(encoded) || !Base64Url.TryDecodeFromUtf8(encoded, decoded, out var written))
        {
            return false;
        }

        bytes = decoded[..written];
        return true;
    }

    /// <summary>What an argument says: itself, or what the file of that name holds.</summary>
    /// <exception cref="IOException">It is neither.</exception>
    public static string Resolve(string argument, string word)
    {
        if (argument.StartsWith(word, StringComparison.Ordinal))
        {
            return argument;
        }

        try
        {
            using var file = new StreamReader(argument);
            var text = new char[MaximumCharacters];
            var length = file.ReadBlock(text, 0, text.Length);
            return new string(text, 0, length).Trim();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"'{argument}' cannot be read: {error.Message}", error);
        }
    }
}
