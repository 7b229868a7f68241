using System.Buffers.Binary;
using System.Text;

namespace Hearsay.Protocols.Security;

/// <summary>
/// A key of records for one cluster: derived from a key of the ring, its version, the mode and the cluster's name, so
/// that no other cluster and no other use of the same key has it.
/// </summary>
internal sealed class RecordKey
{
    /// <summary>The mode in which it is used: no node accepts two.</summary>
    private const byte KeyMode = 1;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(RecordCipher.KeyBytes, pinned: true);

    /// <summary>The key of a cluster's records.</summary>
    /// <param name="cipher">Derives it.</param>
    /// <param name="secret">The key of the ring, 32 bytes.</param>
    /// <param name="version">Its version.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="id">The name of the key in its ring.</param>
    public RecordKey(RecordCipher cipher, ReadOnlySpan<byte> secret, ulong version, string cluster, ulong id = 0)
    {
        (Version, Id) = (version, id);
        Derive(cipher, secret, version, "hearsay record 2"u8, cluster, _bytes);
        Span<byte> hint = stackalloc byte[16];
        Derive(cipher, secret, version, "hearsay record 2 hint"u8, cluster, hint);
        Hint = BinaryPrimitives.ReadUInt16BigEndian(hint);
    }

    /// <summary>The version of the key that it is derived from: of two, the higher is the newer.</summary>
    public ulong Version { get; }

    /// <summary>The name of the key in its ring: of two of the same version, the higher is the newer.</summary>
    public ulong Id { get; }

    /// <summary>What a record says of its key. Two keys may have the same.</summary>
    public ushort Hint { get; }

    /// <summary>The key, 32 bytes; never written anywhere.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether two are made of the same key of the ring.</summary>
    public bool IsSameAs(RecordKey other) => Version == other.Version && Id == other.Id;

    /// <summary>Whether it takes precedence over another one: the same on every node that has both.</summary>
    public bool IsNewerThan(RecordKey other) => (Version, Id).CompareTo((other.Version, other.Id)) > 0;

    /// <summary>Names the key, and not its bytes.</summary>
    public override string ToString() => $"key of version {Version}";

    private static void Derive(
        RecordCipher cipher,
        ReadOnlySpan<byte> secret,
        ulong version,
        ReadOnlySpan<byte> purpose,
        string cluster,
        Span<byte> derived)
    {
        var name = Encoding.UTF8.GetBytes(cluster);
        var data = new byte[1 + purpose.Length + 1 + sizeof(ulong) + name.Length];
        data[0] = (byte)purpose.Length;
        purpose.CopyTo(data.AsSpan(1));
        data[1 + purpose.Length] = KeyMode;
        BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(2 + purpose.Length), version);
        name.CopyTo(data, 2 + purpose.Length + sizeof(ulong));
        cipher.Hash(secret, data, derived);
    }
}
