using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;

namespace Hearsay.Security.Identity;

/// <summary>
/// The key with which an operator admits nodes and takes that back. No node has it. Its file:
/// <code>
/// hearsay admission 1
/// secret BASE64      64 bytes of Ed25519
/// </code>
/// </summary>
internal sealed class AdmissionKey
{
    /// <summary>Longer is no file of these, in bytes.</summary>
    public const int MaximumBytes = 1024;

    private const string Header = "hearsay admission 1";
    private const string Word = "secret";

    private static readonly SodiumIdentity s_cipher = new();

    private readonly byte[] _secret = new byte[Sodium.SecretKeyBytes];

    private AdmissionKey()
    {
    }

    /// <summary>The public part, which every node knows.</summary>
    public ReadOnlySpan<byte> Public => _secret.AsSpan(Sodium.SecretKeyBytes - Sodium.PublicKeyBytes);

    /// <summary>The public part as text.</summary>
    public string PublicText => KeyText.Write(KeyText.Admission, Public);

    /// <summary>A new key.</summary>
    public static AdmissionKey Make()
    {
        var key = new AdmissionKey();
        Span<byte> publicKey = stackalloc byte[Sodium.PublicKeyBytes];
        Sodium.MakeSigningKey(publicKey, key._secret);
        return key;
    }

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static bool TryParse(string text, out AdmissionKey? key)
    {
        key = null;
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var words = lines.Length == 2 && lines[0] == Header ? lines[1].Split(' ') : [];
        var parsed = new AdmissionKey();
        if (words is not [Word, var secret]
            || !Convert.TryFromBase64String(secret, parsed._secret, out var written)
            || written != Sodium.SecretKeyBytes)
        {
            return false;
        }

        key = parsed;
        return true;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read, others can read it, or it is none of these.</exception>
    public static AdmissionKey Read(string path) =>
        TryParse(SecretFile.Read(path, MaximumBytes), out var key)
            ? key! : throw new IOException($"'{path}' is no admission key of 'hearsay keys admission'.");

    /// <summary>The key as a file holds it.</summary>
    public string ToText() => $"{Header}\n{Word} {Convert.ToBase64String(_secret)}\n";

    /// <summary>Admits a node.</summary>
    /// <param name="nodeKeys">Its public keys, 64 bytes.</param>
    /// <param name="name">Its name, 1 to 64 bytes of UTF-8 without control characters.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="valid">How long it is admitted, at most 90 days.</param>
    /// <param name="isRenewer">Whether it may extend the tokens of others.</param>
    /// <returns>The token.</returns>
    /// <exception cref="IOException">The name is not allowed.</exception>
    public byte[] Admit(
        ReadOnlySpan<byte> nodeKeys, string name, string cluster, DateTimeOffset now, TimeSpan valid, bool isRenewer)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(name);
        var seconds = now.ToUnixTimeSeconds();
        if (bytes.Length is 0 or > AdmissionToken.MaximumNameBytes)
        {
            throw new IOException($"A name has from 1 to {AdmissionToken.MaximumNameBytes} bytes of UTF-8.");
        }

        var token = AdmissionToken.Make(
            s_cipher, _secret, Envelope.LabelOf(cluster), nodeKeys, bytes,
            (seconds, seconds + (long)valid.TotalSeconds), isRenewer);
        return AdmissionToken.TryRead(token, out _)
            ? token : throw new IOException("A name has no control characters.");
    }

    /// <summary>Takes the admission of a node back.</summary>
    public Revocation Revoke(NodeId node, string cluster, DateTimeOffset now) =>
        Revocation.Make(s_cipher, _secret, Envelope.LabelOf(cluster), node, now.ToUnixTimeSeconds());

    /// <summary>Nothing of the key.</summary>
    public override string ToString() => "an admission key";
}
