using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Hearsay.Protocols.Security;

namespace Hearsay.Security;

/// <summary>
/// The shared keys of a cluster. Text, a line for each:
/// <code>
/// hearsay keyring 1
/// operator PUBLIC-KEY NUMBER       who signs new keys, and the number of this ring, drawn when it is made; without
///                                  this line nobody can sign, and keys end after the secret
/// key VERSION SECRET TIME KEEP SIGNATURE
///                                  up to 8, in base64; that of the highest version, and then name, is used to seal.
///                                  Signed at a time (seconds since 1970); older keys are kept for KEEP seconds after
/// </code>
/// </summary>
/// <remarks>
/// Immutable. Neither its text form nor any message contains a key. Rings of the same number merge into the union of
/// their keys, whatever the order.
/// </remarks>
internal sealed class Keyring
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaximumCharacters = 8192;

    private const string Header = "hearsay keyring 1";

    private readonly byte[] _operator;

    private Keyring(ReadOnlySpan<byte> operatorKey, ulong number, IEnumerable<KeyringKey> keys)
    {
        (_operator, Number) = (operatorKey.ToArray(), number);
        Keys = [.. keys.OrderByDescending(key => key.Version).ThenByDescending(key => key.Id)
            .Take(NodeSecurity.MaximumKeys)];
        Digest = DigestOf(Keys);
    }

    /// <summary>The keys, the one that seals first.</summary>
    public IReadOnlyList<KeyringKey> Keys { get; }

    /// <summary>The operator's public key; empty if there is none.</summary>
    public ReadOnlySpan<byte> Operator => _operator;

    /// <summary>The number of the ring, which its keys are signed with; zero without an operator.</summary>
    public ulong Number { get; }

    /// <summary>Two rings with the same keys have the same.</summary>
    public ulong Digest { get; }

    /// <summary>A ring with one new key that nobody can change.</summary>
    public static Keyring Make() => new([], 0, [KeyringKey.Make(1)]);

    /// <summary>A ring with one new key.</summary>
    /// <param name="operatorKey">Who signs it and later ones.</param>
    /// <param name="now">The present time, in seconds since 1970.</param>
    public static Keyring Make(OperatorKey operatorKey, ulong now)
    {
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        Sodium.Fill(drawn);
        var number = BinaryPrimitives.ReadUInt64BigEndian(drawn) | 1;
        return new Keyring(operatorKey.Public, number, [KeyringKey.Make(1, number, new(now, 0), operatorKey)]);
    }

    /// <summary>This ring with one more key, which replaces the others.</summary>
    /// <param name="operatorKey">The operator of the ring.</param>
    /// <param name="now">The present time, in seconds since 1970. What was signed last is not later.</param>
    /// <param name="keep">For how long the older keys are kept.</param>
    public Keyring Rotate(OperatorKey operatorKey, ulong now, TimeSpan keep)
    {
        var signing = new KeySigning(TimeFor(now), (uint)Math.Clamp(keep.TotalSeconds, 0, uint.MaxValue));
        var key = KeyringKey.Make(Keys[0].Version + 1, Number, signing, operatorKey);
        return With([key], now);
    }

    /// <summary>The union of this ring and other keys; of those, none whose time is over comes in.</summary>
    /// <param name="keys">Keys that the operator has signed for this ring.</param>
    /// <param name="now">The present time, in seconds since 1970.</param>
    public Keyring With(IEnumerable<KeyringKey> keys, ulong now)
    {
        var union = new List<KeyringKey>(Keys);
        union.AddRange(keys.Where(key => !Has(key)));
        return new Keyring(_operator, Number, union.Where(key => Has(key) || !IsOver(key, union, now)));
    }

    /// <summary>This ring without the keys that are not kept any more.</summary>
    /// <param name="now">The present time, in seconds since 1970. What was signed last is not later.</param>
    public Keyring Kept(ulong now) => new(_operator, Number, Keys.Where(key => !IsOver(key, Keys, now)));

    /// <summary>Whether it has a key.</summary>
    public bool Has(KeyringKey key) => Keys.Any(known => known.IsSameAs(key));

    /// <summary>Whether another ring is of the same operator and number, so that both can merge.</summary>
    public bool IsOf(Keyring other) => _operator.AsSpan().SequenceEqual(other._operator) && Number == other.Number;

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
        var number = 0UL;
        var keys = new List<KeyringKey>();
        for (var i = 1; i < lines.Length; i++)
        {
            var words = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isFine = words is [] || lines[i].StartsWith('#') || (words[0] switch
            {
                "operator" => operatorKey.Length == 0 && keys.Count == 0
                    && TryOperator(words, out operatorKey, out number),
                "key" => TryKey(words, operatorKey, number, keys),
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

        (ring, error) = (new Keyring(operatorKey, number, keys), string.Empty);
        return true;
    }

    /// <summary>The ring as a file holds it, with its keys.</summary>
    public string ToText()
    {
        var text = new StringBuilder(Header).Append('\n');
        if (_operator.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"operator {Convert.ToBase64String(_operator)} {Number:x16}\n");
        }

        foreach (var key in Keys)
        {
            text.Append(CultureInfo.InvariantCulture, $"key {key.Version} {Convert.ToBase64String(key.Secret)}");
            text.Append(key.Signature.IsEmpty ? "\n" : string.Create(
                CultureInfo.InvariantCulture,
                $" {key.Signing.Time} {key.Signing.Keep} {Convert.ToBase64String(key.Signature)}\n"));
        }

        return text.ToString();
    }

    /// <summary>How many keys there are, and the name of the first.</summary>
    public override string ToString() =>
        $"{Keys.Count} {(Keys.Count == 1 ? "key" : "keys")}, sealing with {Keys[0]}";

    /// <summary>A time to sign with: not before what was signed last, even if the clock was ahead then.</summary>
    private ulong TimeFor(ulong now) => Math.Max(now, Keys.Max(key => key.Signing.Time));

    private static bool IsOver(KeyringKey key, IReadOnlyList<KeyringKey> ring, ulong now)
    {
        now = Math.Max(now, ring.Max(other => other.Signing.Time));
        return ring.Any(other => other.Version > key.Version && now > other.Signing.KeptUntil);
    }

    private static ulong DigestOf(IReadOnlyList<KeyringKey> keys)
    {
        var message = new byte[keys.Count * 2 * sizeof(ulong)];
        for (var i = 0; i < keys.Count; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan(16 * i), keys[i].Version);
            BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan((16 * i) + 8), keys[i].Id);
        }

        Span<byte> digest = stackalloc byte[16];
        _ = Sodium.Hash(digest, 16, message, (ulong)message.Length, [], 0);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }

    private static bool TryOperator(string[] words, out byte[] key, out ulong number)
    {
        (key, number) = (new byte[Sodium.PublicKeyBytes], 0);
        return words.Length == 3 && TryBytes(words[1], key) && words[2].Length == 16
            && ulong.TryParse(words[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryKey(string[] words, byte[] operatorKey, ulong number, List<KeyringKey> keys)
    {
        var (secret, signature) = (new byte[KeyringKey.SecretBytes], new byte[Sodium.SignatureBytes]);
        var isSigned = operatorKey.Length > 0;
        if (words.Length != (isSigned ? 6 : 3) || !TryNumber(words[1], out var version) || version == 0
            || !TryBytes(words[2], secret))
        {
            return false;
        }

        if (!isSigned)
        {
            keys.Add(new KeyringKey(version, secret));
            return true;
        }

        if (!TryNumber(words[3], out var time) || time > KeySigning.LastTime || !TryNumber(words[4], out var keep)
            || keep > uint.MaxValue || !TryBytes(words[5], signature))
        {
            return false;
        }

        var key = new KeyringKey(version, secret, new KeySigning(time, (uint)keep), signature);
        keys.Add(key);
        return key.IsSignedBy(operatorKey, number);
    }

    private static bool TryNumber(string word, out ulong number) =>
        ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryBytes(string word, byte[] bytes) =>
        Convert.TryFromBase64String(word, bytes, out var written) && written == bytes.Length;
}
