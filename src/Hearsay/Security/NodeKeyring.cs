using Hearsay.Protocols;
using Hearsay.Protocols.Security;

namespace Hearsay.Security;

/// <summary>The keyring of one node, which an operator can change while the node runs.</summary>
/// <param name="ring">The ring with which it begins; it has an operator.</param>
/// <param name="cluster">The cluster's name.</param>
/// <param name="cipher">Derives the keys of records.</param>
/// <param name="clock">The wall clock, in seconds since 1970. Only what is kept for days depends on it.</param>
internal sealed class NodeKeyring(Keyring ring, string cluster, RecordCipher cipher, Func<ulong> clock) : SignedKeyring
{
    private volatile Keyring _ring = ring;
    private RecordKey[] _keys = KeysOf(ring, cluster, cipher);

    /// <summary>The ring as it is now. Any thread may read it.</summary>
    public Keyring Current => _ring;

    /// <summary>Called inside the event loop when the ring has changed; must not block.</summary>
    public Action<Keyring>? Changed { get; set; }

    /// <inheritdoc/>
    public override RecordKey[] Keys => _keys;

    /// <inheritdoc/>
    public override ulong Digest => _ring.Digest;

    /// <inheritdoc/>
    public override int Write(Span<byte> body) => Write(_ring, body);

    /// <summary>Writes a ring for nodes.</summary>
    public static int Write(Keyring ring, Span<byte> body)
    {
        var writer = new WireWriter(body);
        writer.WriteByte((byte)ring.Keys.Count);
        foreach (var key in ring.Keys)
        {
            writer.WriteUInt64(key.Version);
            writer.WriteUInt64(key.Signing.Time);
            writer.WriteUInt32(key.Signing.Keep);
            writer.WriteBytes(key.Secret);
            writer.WriteBytes(key.Signature);
        }

        return writer.Position;
    }

    /// <inheritdoc/>
    public override KeyringMerge Merge(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var count = reader.ReadByte();
        if (count is 0 or > NodeSecurity.MaximumKeys || reader.Rest.Length < count * KeyBytes)
        {
            return new KeyringMerge(IsRefused: true, HasNews: false, SenderLacks: false);
        }

        var (before, keys) = (_ring, new List<KeyringKey>(count));
        for (var i = 0; i < count; i++)
        {
            var key = Read(ref reader);
            if (!before.Has(key) && (key.Version == 0 || key.Signing.Time > KeySigning.LastTime
                || !key.IsSignedBy(before.Operator, before.Number)))
            {
                return new KeyringMerge(IsRefused: true, HasNews: false, SenderLacks: false);
            }

            keys.Add(key);
        }

        var merged = before.With(keys, clock());
        var senderLacks = merged.Keys.Any(key => !keys.Exists(key.IsSameAs));
        var hasNews = merged.Digest != before.Digest;
        if (hasNews)
        {
            Replace(merged);
        }

        return new KeyringMerge(IsRefused: false, hasNews, senderLacks);
    }

    /// <inheritdoc/>
    public override bool Expire()
    {
        var (before, rest) = (_ring, _ring.Kept(clock()));
        if (rest.Digest == before.Digest)
        {
            return false;
        }

        Replace(rest);
        return true;
    }

    private static KeyringKey Read(ref WireReader reader)
    {
        var version = reader.ReadUInt64();
        var signing = new KeySigning(reader.ReadUInt64(), reader.ReadUInt32());
        var secret = reader.ReadBytes(KeyringKey.SecretBytes);
        return new KeyringKey(version, secret, signing, reader.ReadBytes(Sodium.SignatureBytes));
    }

    private static RecordKey[] KeysOf(Keyring ring, string cluster, RecordCipher cipher) =>
        [.. ring.Keys.Select(key => new RecordKey(cipher, key.Secret, key.Version, cluster, key.Id))];

    private void Replace(Keyring ring)
    {
        _keys = KeysOf(ring, cluster, cipher);
        _ring = ring;
        Changed?.Invoke(ring);
    }
}
