namespace Hearsay.Protocols.Security;

/// <summary>
/// The keyring of one node, each key of which an operator has signed whose key no node has. Rings merge: the result is
/// the union, whatever the order, so nodes that hear of different rotations end with the same ring.
/// </summary>
/// <remarks>Changed by the event loop only.</remarks>
internal abstract class SignedKeyring
{
    /// <summary>The longest ring in a frame, in bytes.</summary>
    public const int MaximumBytes = 1 + (NodeSecurity.MaximumKeys * KeyBytes);

    /// <summary>The length of a key in a frame: version, time, keep, secret, signature.</summary>
    public const int KeyBytes = 8 + 8 + 4 + 32 + 64;

    /// <summary>The keys for records, the newest first.</summary>
    public abstract RecordKey[] Keys { get; }

    /// <summary>Two rings with the same keys have the same, which tells nothing of the keys.</summary>
    public abstract ulong Digest { get; }

    /// <summary>Writes all keys for others. It is only sent in records.</summary>
    /// <param name="body">At least <see cref="MaximumBytes"/>.</param>
    /// <returns>The length.</returns>
    public abstract int Write(Span<byte> body);

    /// <summary>Takes in what another node has.</summary>
    /// <param name="body">What <see cref="Write"/> made there. It may be anything.</param>
    public abstract KeyringMerge Merge(ReadOnlySpan<byte> body);

    /// <summary>Drops what its time has come for.</summary>
    /// <returns>Whether the ring has changed.</returns>
    public abstract bool Expire();
}
