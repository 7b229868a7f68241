using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Security;
using Hearsay.Security.Identity;

namespace Hearsay;

/// <summary>
/// How the packets of a cluster are protected, chosen once for all of its nodes: a node accepts one mode only. To
/// change the mode, stop all nodes.
/// </summary>
/// <remarks>
/// Immutable; one value may serve several nodes. <see cref="ToString"/> lists the keys by names that reveal nothing
/// about them. No text, log, metric or exception contains a key.
/// </remarks>
public sealed class ClusterSecurity
{
    private readonly Keyring? _ring;

    /// <summary>The file of the ring, to which a ring is written that replaces it; null if there is none.</summary>
    private readonly string? _path;

    /// <summary>Whether the newest key is so new that other nodes do not have it yet.</summary>
    private readonly bool _rotates;

    private readonly NodeCredentials? _credentials;

    private ClusterSecurity(
        Keyring? ring, string? path = null, bool rotates = false, NodeCredentials? credentials = null) =>
        (_ring, _path, _rotates, _credentials) = (ring, path, rotates, credentials);

    /// <summary>
    /// No protection: anyone who can reach a node's port can join, read, and speak for others. Use it in networks whose
    /// hosts you trust.
    /// </summary>
    public static ClusterSecurity Open { get; } = new(null);

    /// <summary>
    /// The name of the mode: <c>open</c>, <c>key</c> or <c>identity</c>. In mode <c>key</c> every packet is encrypted
    /// and authenticated with a key that all nodes share. In mode <c>identity</c> every node has keys of its own, and
    /// every packet is encrypted and authenticated between two nodes that have proven who they are.
    /// </summary>
    public string Mode => _credentials is not null ? "identity" : _ring is null ? "open" : "key";

    /// <summary>Reads a keyring, as <c>hearsay keys generate</c> writes it.</summary>
    /// <param name="path">The file. Nobody but its owner may be able to read it (mode 0600); not checked on Windows.
    /// </param>
    /// <returns>
    /// The mode <c>key</c> with these keys. If the keyring has an operator, who can replace its keys while nodes run
    /// (<c>hearsay keys rotate</c>), then a node writes the new keyring to the file.
    /// </returns>
    /// <exception cref="IOException">
    /// The file cannot be read, others can read it, or it is not a keyring. The message names the file but reveals
    /// nothing of its content.
    /// </exception>
    public static ClusterSecurity FromKeyring(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
        {
            throw new IOException("The path of the keyring is empty.");
        }

        var text = SecretFile.Read(path, Keyring.MaximumCharacters);
        return Keyring.TryParse(text, out var ring, out var error)
            ? new ClusterSecurity(ring, Path.GetFullPath(path))
            : throw new IOException($"'{path}' is no keyring: {error}");
    }

    /// <summary>Reads a keyring that does not come from a file, for instance from a vault.</summary>
    /// <param name="text">The text that a keyring file holds.</param>
    /// <returns>
    /// The mode <c>key</c> with these keys. If the operator replaces them while a node runs, the node does not store
    /// the new keys. After a restart it begins with the keys of this text again, and other nodes send it the newer keys
    /// as long as they keep the old ones.
    /// </returns>
    /// <exception cref="FormatException">It is not a keyring. The message contains nothing of the text.</exception>
    public static ClusterSecurity FromKeyringText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Keyring.TryParse(text, out var ring, out var error)
            ? new ClusterSecurity(ring)
            : throw new FormatException($"This is no keyring: {error}");
    }

    /// <summary>
    /// Gives a node its identity. Its id is the hash of its public key, and a token of the operator admits it to the
    /// cluster. Use each value for one node only.
    /// </summary>
    /// <param name="identityPath">
    /// The file with the node's keys, as <c>hearsay keys identity</c> writes it. Nobody but its owner may be able to
    /// read it (mode 0600); not checked on Windows.
    /// </param>
    /// <param name="token">
    /// The admission token of the node, as <c>hearsay keys admit</c> writes it, or the path of the file with it. A file
    /// is replaced when another node, a renewer, has extended the token.
    /// </param>
    /// <param name="admissionKey">
    /// The public admission key of the cluster, as <c>hearsay keys admission</c> shows it, or the path of the file with
    /// it. The holder of its secret part decides which nodes belong to the cluster.
    /// </param>
    /// <returns>The mode <c>identity</c> for that node.</returns>
    /// <exception cref="IOException">
    /// A file cannot be read or has the wrong content, others can read the file with the keys, or the token is for
    /// another node. The message names the file but reveals nothing of its content.
    /// </exception>
    public static ClusterSecurity FromIdentity(string identityPath, string token, string admissionKey)
    {
        ArgumentNullException.ThrowIfNull(identityPath);
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(admissionKey);
        return identityPath.Length > 0 && token.Length > 0 && admissionKey.Length > 0
            ? FromCredentials(NodeCredentials.Read(identityPath, token, admissionKey))
            : throw new IOException("An identity needs a file with keys, a token and an admission key.");
    }

    /// <summary>
    /// Returns the mode. In mode <c>key</c>, the number of keys and the name of the key that seals packets follow. In
    /// mode <c>identity</c>, the name in the node's token and the end of the token follow.
    /// </summary>
    public override string ToString() => _credentials is not null ? $"{Mode} ({_credentials})"
        : _ring is null ? Mode : $"{Mode} ({_ring})";

    /// <summary>The mode identity with credentials that are at hand.</summary>
    internal static ClusterSecurity FromCredentials(NodeCredentials credentials) => new(null, credentials: credentials);

    /// <summary>Whether nodes have identities, which sign what others pass on.</summary>
    internal bool IsIdentity => _credentials is not null;

    /// <summary>Whether packets are protected.</summary>
    internal bool IsProtected => _ring is not null || _credentials is not null;

    /// <summary>The id that the node's keys give it; none where ids are random.</summary>
    internal NodeId NodeId => _credentials?.Keys.Id ?? NodeId.None;

    /// <summary>Why a node of a cluster cannot be started with it; null if it can.</summary>
    internal string? ErrorFor(string cluster, DateTimeOffset now) => _credentials?.ErrorFor(cluster, now);

    /// <summary>What a node of a cluster needs in mode identity; null in the others.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="directory">Where the node remembers revocations; null for nowhere.</param>
    internal IdentitySecurity? IdentityForNode(string cluster, TimeProvider time, string? directory) =>
        _credentials?.ToSecurity(cluster, time, directory is null ? null : new RevocationFile(directory));

    /// <summary>The same for a node that brings the newest key to the others.</summary>
    internal ClusterSecurity Rotating() => new(_ring, _path, rotates: true);

    /// <summary>Whether these are the keys with which the node began.</summary>
    internal bool Has(Keyring ring) => _ring?.Digest == ring.Digest;

    /// <summary>Where the ring is stored; null if it comes from elsewhere.</summary>
    internal string? KeyringPath => _path;

    /// <summary>What a node of a cluster needs; null in mode open. Each node has one of its own.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="time">The wall clock.</param>
    internal NodeSecurity? ForNode(string cluster, TimeProvider time)
    {
        if (_ring is null)
        {
            return null;
        }

        var cipher = new SodiumCipher();
        if (_ring.Operator.IsEmpty)
        {
            return new NodeSecurity(
                cipher,
                [.. _ring.Keys.Select(key => new RecordKey(cipher, key.Secret, key.Version, cluster, key.Id))]);
        }

        ulong Clock() => (ulong)Math.Max(0, time.GetUtcNow().ToUnixTimeSeconds());
        var ring = new NodeKeyring(_ring, cluster, cipher, Clock);
        return new NodeSecurity(cipher, ring, _rotates);
    }
}
