using System.Globalization;
using System.Text;
using Hearsay.Protocols.Security;

namespace Hearsay.Security;

/// <summary>
/// The shared keys of a cluster. Text, a line for each:
/// <code>
/// hearsay keyring 1
/// operator PUBLIC-KEY              who signs new keys; without this line nobody can, and no key has a signature
/// key VERSION SECRET [SIGNATURE]   up to 8, in base64; that of the highest version, and then name, is used to seal
/// </code>
/// </summary>
/// <remarks>Immutable. Neither its text form nor any message contains a key.</remarks>
internal sealed class Keyring
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaximumCharacters = 8192;

    private const string Header = "hearsay keyring 1";

    private readonly byte[] _operator;

    private Keyring(ReadOnlySpan<byte> operatorKey, IEnumerable<KeyringKey> keys)
    {
        _operator = operatorKey.ToArray();
        Keys = [.. keys.OrderByDescending(key => key.Version).ThenByDescending(key => key.Id)
            .Take(NodeSecurity.MaximumKeys)];
    }

    /// <summary>The keys, the one that seals first.</summary>
    public IReadOnlyList<KeyringKey> Keys { get; }

    /// <summary>The operator's public key; empty if there is none.</summary>
    public ReadOnlySpan<byte> Operator => _operator;

    /// <summary>A ring with one new key.</summary>
    /// <param name="operatorKey">Who signs it and later ones; null for nobody.</param>
    public static Keyring Make(OperatorKey? operatorKey) =>
        new(operatorKey is null ? [] : operatorKey.Public, [KeyringKey.Make(1, operatorKey)]);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text. It may be anything.</param>
    /// <param name="ring">The ring.</param>
    /// <param name="error">What is wrong, by line, without anything of the text.</param>
    public static bool TryParse(string text, out Keyring? ring, out string error)
    {
        ring = null;
        if (text.Length > MaximumCharacters)
        {
            error = $"it is longer than {MaximumCharacters:N0} characters.";
            return false;
        }

        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        if (lines[0] != Header)
        {
            error = $"its first line is not '{Header}'.";
            return false;
        }

        byte[] operatorKey = [];
        var keys = new List<KeyringKey>();
        for (var i = 1; i < lines.Length; i++)
        {
            var words = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isFine = words is [] || lines[i].StartsWith('#') || (words[0] switch
            {
                "operator" => operatorKey.Length == 0 && keys.Count == 0 && TryOperator(words, out operatorKey),
                "key" => TryKey(words, operatorKey, keys),
                _ => false,
            });
            if (!isFine)
            {
                error = $"line {i + 1} is not valid, or its signature is not the operator's.";
                return false;
            }
        }

        if (keys.Count is 0 or > NodeSecurity.MaximumKeys)
        {
            error = $"it must have from 1 to {NodeSecurity.MaximumKeys} keys.";
            return false;
        }

        (ring, error) = (new Keyring(operatorKey, keys), string.Empty);
        return true;
    }

    /// <summary>The ring as a file holds it, with its keys.</summary>
    public string ToText()
    {
        var text = new StringBuilder(Header).Append('\n');
        if (_operator.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"operator {Convert.ToBase64String(_operator)}\n");
        }

        foreach (var key in Keys)
        {
            var signature = key.Signature.IsEmpty ? string.Empty : " " + Convert.ToBase64String(key.Signature);
            text.Append(
                CultureInfo.InvariantCulture, $"key {key.Version} {Convert.ToBase64String(key.Secret)}{signature}\n");
        }

        return text.ToString();
    }

    /// <summary>The keys for the records of a cluster.</summary>
    public NodeSecurity ToSecurity(RecordCipher cipher, string cluster) => new(
        cipher, [.. Keys.Select(key => new RecordKey(cipher, key.Secret, key.Version, cluster))]);

    /// <summary>How many keys there are, and the name of the first.</summary>
    public override string ToString() =>
        $"{Keys.Count} {(Keys.Count == 1 ? "key" : "keys")}, sealing with {Keys[0]}";

    private static bool TryOperator(string[] words, out byte[] key)
    {
        key = new byte[Sodium.PublicKeyBytes];
        return words.Length == 2 && TryBytes(words[1], key);
    }

    private static bool TryKey(string[] words, byte[] operatorKey, List<KeyringKey> keys)
    {
        var secret = new byte[KeyringKey.SecretBytes];
        var signature = new byte[operatorKey.Length > 0 ? Sodium.SignatureBytes : 0];
        if (words.Length != (operatorKey.Length > 0 ? 4 : 3)
            || !ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || version == 0 || !TryBytes(words[2], secret)
            || (signature.Length > 0 && !TryBytes(words[3], signature)))
        {
            return false;
        }

        var key = new KeyringKey(version, secret, signature);
        keys.Add(key);
        return operatorKey.Length == 0 || key.IsSignedBy(operatorKey);
    }

    private static bool TryBytes(string word, byte[] bytes) =>
        Convert.TryFromBase64String(word, bytes, out var written) && written == bytes.Length;
}
