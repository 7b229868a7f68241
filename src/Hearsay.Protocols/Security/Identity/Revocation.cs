using System.Buffers.Binary;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>
/// What an operator signs to take a node's admission back: all tokens of that node that were signed until then.
/// <code>
///   0  id         16 bytes
///  16  time        8 bytes   in seconds since 1970, UTC
///  24  signature  64 bytes   by the admission key, of "hearsay revocation 1", the label of the cluster, id and time
/// </code>
/// </summary>
internal sealed class Revocation
{
    /// <summary>The length of a revocation, in bytes.</summary>
    public const int SizeBytes = SignedBytes + IdentityCipher.SignatureBytes;

    private const int TimeOffset = NodeId.SizeBytes;
    private const int SignedBytes = TimeOffset + sizeof(ulong);

    private readonly byte[] _bytes;

    private Revocation(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.ToArray();
        (Id, Time) = (NodeId.Read(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[TimeOffset..]));
    }

    private static ReadOnlySpan<byte> Purpose => "hearsay revocation 1"u8;

    /// <summary>Whose tokens are taken back.</summary>
    public NodeId Id { get; }

    /// <summary>When, in seconds since 1970.</summary>
    public long Time { get; }

    /// <summary>It as bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Its share of the digest of a list.</summary>
    public ulong Hash => SeededRandom.Mix(SeededRandom.Mix(Id.High ^ (ulong)Time) ^ Id.Low);

    /// <summary>Until when it is needed, in seconds since 1970: no token that it takes back lasts longer.</summary>
    public long End => Time + (long)(AdmissionToken.LongestValidity + Admission.Tolerance).TotalSeconds;

    /// <summary>The time in a revocation that is not verified.</summary>
    public static long TimeIn(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(bytes[TimeOffset..]);

    /// <summary>Makes a revocation.</summary>
    public static Revocation Make(
        IdentityCipher cipher, ReadOnlySpan<byte> admissionSecret, ulong label, NodeId id, long time)
    {
        var bytes = new byte[SizeBytes];
        id.Write(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TimeOffset), time);
        Span<byte> message = stackalloc byte[sizeof(ulong) + SignedBytes];
        WriteMessage(label, bytes, message);
        AdmissionToken.Sign(cipher, Purpose, message, admissionSecret, bytes.AsSpan(SignedBytes));
        return new Revocation(bytes);
    }

    /// <summary>Reads a revocation and verifies it.</summary>
    /// <param name="cipher">Verifies it.</param>
    /// <param name="admissionKey">The public admission key.</param>
    /// <param name="label">The label of the cluster.</param>
    /// <param name="bytes">Anything of the right length.</param>
    /// <param name="revocation">The revocation.</param>
    public static bool TryRead(
        IdentityCipher cipher,
        ReadOnlySpan<byte> admissionKey,
        ulong label,
        ReadOnlySpan<byte> bytes,
        out Revocation? revocation)
    {
        revocation = null;
        if (bytes.Length != SizeBytes)
        {
            return false;
        }

        Span<byte> message = stackalloc byte[sizeof(ulong) + SignedBytes];
        WriteMessage(label, bytes, message);
        var read = new Revocation(bytes);
        if (read.Time is <= 0 or > long.MaxValue / 2
            || !AdmissionToken.Verify(cipher, Purpose, message, admissionKey, bytes[SignedBytes..]))
        {
            return false;
        }

        revocation = read;
        return true;
    }

    private static void WriteMessage(ulong label, ReadOnlySpan<byte> bytes, Span<byte> message)
    {
        BinaryPrimitives.WriteUInt64BigEndian(message, label);
        bytes[..SignedBytes].CopyTo(message[sizeof(ulong)..]);
    }
}
