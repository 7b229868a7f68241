namespace Hearsay.Protocols.Security;

/// <summary>The keys of a cluster, and what is needed to use them. One object may serve many nodes.</summary>
/// <param name="cipher">The cryptography.</param>
/// <param name="keys">The keys, at least one; the node seals with the first and opens with all.</param>
internal sealed class NodeSecurity(RecordCipher cipher, params RecordKey[] keys)
{
    /// <summary>The most keys of a ring.</summary>
    public const int MaximumKeys = 8;

    /// <summary>The cryptography.</summary>
    public RecordCipher Cipher { get; } = cipher;

    /// <summary>The keys: records are sealed with the first and opened with any.</summary>
    public ReadOnlySpan<RecordKey> Keys => keys;
}
