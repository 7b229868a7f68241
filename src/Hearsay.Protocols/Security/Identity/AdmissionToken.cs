using System.Buffers.Binary;
using System.Text;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>
/// What an operator signs to admit a node.
/// <code>
///   0  version      1 byte    1
///   1  flags        1 byte    1 the node may extend the tokens of others
///   2  label        8 bytes   of the cluster
///  10  key         32 bytes   of the node, X25519; its hash is the node's id
///  42  signing key 32 bytes   of the node, Ed25519
///  74  issued       8 bytes   in seconds since 1970, UTC
///  82  end          8 bytes   in seconds since 1970, UTC
///  90  length       1 byte    of the name, 1 to 64
///  91  name                   UTF-8
///      signature   64 bytes   by the admission key, of "hearsay token 1" and everything before
/// </code>
/// An extension may follow it, by a node whose own token says that it may:
/// <code>
///      end          8 bytes   later than that of the token
///      length       1 byte    of the renewer's token
///      token                  of the renewer, without an extension
///      signature   64 bytes   by the renewer, of "hearsay renewal 1" and everything before
/// </code>
/// </summary>
/// <remarks>A view on bytes: nothing is copied, and nothing in it is proven before it is verified.</remarks>
internal readonly ref struct AdmissionToken
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MaximumNameBytes = 64;

    /// <summary>The longest token without an extension, in bytes.</summary>
    public const int LongestPlainBytes = NameOffset + MaximumNameBytes + IdentityCipher.SignatureBytes;

    /// <summary>The longest token, in bytes.</summary>
    public const int LongestBytes =
        LongestPlainBytes + sizeof(ulong) + 1 + LongestPlainBytes + IdentityCipher.SignatureBytes;

    /// <summary>The longest validity of all.</summary>
    public static readonly TimeSpan LongestValidity = TimeSpan.FromDays(90);

    /// <summary>The latest end: that of the last year that has a date, in seconds since 1970.</summary>
    private static readonly long LatestEnd = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>What a signature of a token covers before it.</summary>
    public static ReadOnlySpan<byte> TokenPurpose => "hearsay token 1"u8;

    /// <summary>What a signature of an extension covers before it.</summary>
    public static ReadOnlySpan<byte> RenewalPurpose => "hearsay renewal 1"u8;

    private const byte Version = 1;
    private const byte RenewerFlag = 1;
    private const int LabelOffset = 2;
    private const int KeyOffset = 10;
    private const int SigningKeyOffset = KeyOffset + IdentityCipher.KeyBytes;
    private const int IssuedOffset = SigningKeyOffset + IdentityCipher.KeyBytes;
    private const int EndOffset = IssuedOffset + sizeof(ulong);
    private const int LengthOffset = EndOffset + sizeof(ulong);
    private const int NameOffset = LengthOffset + 1;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _plainBytes;
    private readonly int _renewerBytes;

    private AdmissionToken(ReadOnlySpan<byte> bytes, int plainBytes, int renewerBytes)
    {
        _bytes = bytes;
        (_plainBytes, _renewerBytes) = (plainBytes, renewerBytes);
    }

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The part that the operator signed, with the signature.</summary>
    public ReadOnlySpan<byte> Plain => _bytes[.._plainBytes];

    /// <summary>What the operator signed.</summary>
    public ReadOnlySpan<byte> Signed => _bytes[..(_plainBytes - IdentityCipher.SignatureBytes)];

    /// <summary>The operator's signature.</summary>
    public ReadOnlySpan<byte> Signature => Plain[^IdentityCipher.SignatureBytes..];

    /// <summary>Whether the node may extend the tokens of others.</summary>
    public bool IsRenewer => (_bytes[1] & RenewerFlag) != 0;

    /// <summary>The label of the cluster.</summary>
    public ulong Label => BinaryPrimitives.ReadUInt64BigEndian(_bytes[LabelOffset..]);

    /// <summary>The node's key of X25519.</summary>
    public ReadOnlySpan<byte> Key => _bytes.Slice(KeyOffset, IdentityCipher.KeyBytes);

    /// <summary>The node's key of Ed25519.</summary>
    public ReadOnlySpan<byte> SigningKey => _bytes.Slice(SigningKeyOffset, IdentityCipher.KeyBytes);

    /// <summary>When the operator signed it, in seconds since 1970.</summary>
    public long Issued => BinaryPrimitives.ReadInt64BigEndian(_bytes[IssuedOffset..]);

    /// <summary>Its end without an extension, in seconds since 1970.</summary>
    public long PlainEnd => BinaryPrimitives.ReadInt64BigEndian(_bytes[EndOffset..]);

    /// <summary>Its end, in seconds since 1970.</summary>
    public long End => IsExtended ? BinaryPrimitives.ReadInt64BigEndian(_bytes[_plainBytes..]) : PlainEnd;

    /// <summary>The name that the operator gave the node.</summary>
    public ReadOnlySpan<byte> Name => _bytes.Slice(NameOffset, _bytes[LengthOffset]);

    /// <summary>Whether an extension follows.</summary>
    public bool IsExtended => _renewerBytes > 0;

    /// <summary>The token of who extended it.</summary>
    public ReadOnlySpan<byte> RenewerToken => _bytes.Slice(_plainBytes + sizeof(ulong) + 1, _renewerBytes);

    /// <summary>What who extended it signed.</summary>
    public ReadOnlySpan<byte> RenewalSigned => _bytes[..^IdentityCipher.SignatureBytes];

    /// <summary>The signature of who extended it.</summary>
    public ReadOnlySpan<byte> RenewalSignature => _bytes[^IdentityCipher.SignatureBytes..];

    /// <summary>Reads a token.</summary>
    /// <param name="bytes">Anything at all.</param>
    /// <param name="token">The token, a view on them.</param>
    /// <returns>False if it is none: a length or a field is out of its range, or something follows it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AdmissionToken token)
    {
        token = default;
        if (!TryMeasure(bytes, out var plainBytes))
        {
            return false;
        }

        var rest = bytes[plainBytes..];
        var renewerBytes = rest.Length > sizeof(ulong) ? rest[sizeof(ulong)] : 0;
        if (!rest.IsEmpty && (rest.Length != sizeof(ulong) + 1 + renewerBytes + IdentityCipher.SignatureBytes
            || !TryMeasure(rest.Slice(sizeof(ulong) + 1, renewerBytes), out var whole) || whole != renewerBytes))
        {
            return false;
        }

        var read = new AdmissionToken(bytes, plainBytes, renewerBytes);
        var longest = (long)LongestValidity.TotalSeconds;
        if (read.Issued <= 0 || read.End > LatestEnd || read.PlainEnd <= read.Issued
            || read.PlainEnd - read.Issued > longest
            || (read.IsExtended && (read.End <= read.PlainEnd || read.End - read.Issued > longest)))
        {
            return false;
        }

        token = read;
        return true;
    }

    /// <summary>Makes a token.</summary>
    /// <param name="cipher">Signs it.</param>
    /// <param name="admissionSecret">The secret admission key.</param>
    /// <param name="label">The label of the cluster.</param>
    /// <param name="keys">The node's public keys: X25519, then Ed25519.</param>
    /// <param name="name">Its name, 1 to 64 bytes.</param>
    /// <param name="times">When it is signed, and its end, in seconds since 1970.</param>
    /// <param name="isRenewer">Whether the node may extend the tokens of others.</param>
    public static byte[] Make(
        IdentityCipher cipher,
        ReadOnlySpan<byte> admissionSecret,
        ulong label,
        ReadOnlySpan<byte> keys,
        ReadOnlySpan<byte> name,
        (long Issued, long End) times,
        bool isRenewer)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(keys.Length, 2 * IdentityCipher.KeyBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaximumNameBytes);
        ArgumentOutOfRangeException.ThrowIfZero(name.Length);
        var bytes = new byte[NameOffset + name.Length + IdentityCipher.SignatureBytes];
        (bytes[0], bytes[1]) = (Version, isRenewer ? RenewerFlag : (byte)0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(LabelOffset), label);
        keys.CopyTo(bytes.AsSpan(KeyOffset));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(IssuedOffset), times.Issued);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(EndOffset), times.End);
        bytes[LengthOffset] = (byte)name.Length;
        name.CopyTo(bytes.AsSpan(NameOffset));
        var signed = NameOffset + name.Length;
        Sign(cipher, TokenPurpose, bytes.AsSpan(0, signed), admissionSecret, bytes.AsSpan(signed));
        return bytes;
    }

    /// <summary>Makes an extended token of one that was verified.</summary>
    /// <param name="cipher">Signs it.</param>
    /// <param name="token">The token.</param>
    /// <param name="end">Its new end, in seconds since 1970.</param>
    /// <param name="renewer">The renewer's keys.</param>
    /// <param name="renewerToken">The renewer's token, without an extension.</param>
    public static byte[] Extend(
        IdentityCipher cipher,
        in AdmissionToken token,
        long end,
        NodeKeys renewer,
        ReadOnlySpan<byte> renewerToken)
    {
        var plain = token.Plain;
        var signed = plain.Length + sizeof(ulong) + 1 + renewerToken.Length;
        var bytes = new byte[signed + IdentityCipher.SignatureBytes];
        plain.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(plain.Length), end);
        bytes[plain.Length + sizeof(ulong)] = (byte)renewerToken.Length;
        renewerToken.CopyTo(bytes.AsSpan(plain.Length + sizeof(ulong) + 1));
        Sign(cipher, RenewalPurpose, bytes.AsSpan(0, signed), renewer.SigningSecret, bytes.AsSpan(signed));
        return bytes;
    }

    /// <summary>Whether the signature of something with a purpose holds.</summary>
    public static bool Verify(
        IdentityCipher cipher,
        scoped ReadOnlySpan<byte> purpose,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> signature)
    {
        Span<byte> both = stackalloc byte[purpose.Length + message.Length];
        purpose.CopyTo(both);
        message.CopyTo(both[purpose.Length..]);
        return cipher.Verify(both, publicKey, signature);
    }

    /// <summary>Signs something with its purpose.</summary>
    public static void Sign(
        IdentityCipher cipher,
        scoped ReadOnlySpan<byte> purpose,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> secret,
        Span<byte> signature)
    {
        Span<byte> both = stackalloc byte[purpose.Length + message.Length];
        purpose.CopyTo(both);
        message.CopyTo(both[purpose.Length..]);
        cipher.Sign(both, secret, signature);
    }

    /// <summary>The name as text; its bytes were checked when it was read.</summary>
    public string NameText() => Encoding.UTF8.GetString(Name);

    private static bool TryMeasure(ReadOnlySpan<byte> bytes, out int plainBytes)
    {
        plainBytes = 0;
        if (bytes.Length < NameOffset + 1 + IdentityCipher.SignatureBytes || bytes.Length > LongestBytes
            || bytes[0] != Version || (bytes[1] & ~RenewerFlag) != 0
            || bytes[LengthOffset] is 0 or > MaximumNameBytes)
        {
            return false;
        }

        plainBytes = NameOffset + bytes[LengthOffset] + IdentityCipher.SignatureBytes;
        return plainBytes <= bytes.Length
            && System.Text.Unicode.Utf8.IsValid(bytes.Slice(NameOffset, bytes[LengthOffset]))
            && !HasControls(bytes.Slice(NameOffset, bytes[LengthOffset]));
    }

    /// <summary>Names go to logs and terminals.</summary>
    private static bool HasControls(ReadOnlySpan<byte> name)
    {
        foreach (var value in name)
        {
            if (value is < 0x20 or 0x7F)
            {
                return true;
            }
        }

        return false;
    }
}
