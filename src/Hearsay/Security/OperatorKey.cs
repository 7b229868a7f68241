namespace Hearsay.Security;

/// <summary>The key with which an operator signs the keys of a cluster. No node has it.</summary>
internal sealed class OperatorKey
{
    private const string Header = "hearsay operator 1";
    private const string Word = "secret";

    private readonly byte[] _public = new byte[Sodium.PublicKeyBytes];
    private readonly byte[] _secret = new byte[Sodium.SecretKeyBytes];

    private OperatorKey()
    {
    }

    /// <summary>The public part, which keyrings name.</summary>
    public ReadOnlySpan<byte> Public => _public;

    /// <summary>A new key.</summary>
    public static OperatorKey Make()
    {
        var key = new OperatorKey();
        Sodium.MakeSigningKey(key._public, key._secret);
        return key;
    }

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key.</param>
    /// <param name="error">What is wrong, without anything of the text.</param>
    public static bool TryParse(string text, out OperatorKey? key, out string error)
    {
        (key, error) = (null, "it is not an operator key of 'hearsay keys operator'.");
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var words = lines.Length == 2 && lines[0] == Header ? lines[1].Split(' ') : [];
        var parsed = new OperatorKey();
        if (words is not [Word, var secret]
            || !Convert.TryFromBase64String(secret, parsed._secret, out var bytes) || bytes != Sodium.SecretKeyBytes)
        {
            return false;
        }

        // The second half of a secret key of Ed25519 is the public one.
        parsed._secret.AsSpan(Sodium.SecretKeyBytes - Sodium.PublicKeyBytes).CopyTo(parsed._public);
        (key, error) = (parsed, string.Empty);
        return true;
    }

    /// <summary>The key as a file holds it.</summary>
    public string ToText() => $"{Header}\n{Word} {Convert.ToBase64String(_secret)}\n";

    /// <summary>Signs a message.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Sodium.SignatureBytes];
        Sodium.Sign(message, _secret, signature);
        return signature;
    }

    /// <summary>Nothing of the key.</summary>
    public override string ToString() => "an operator key";
}
