using Hearsay.Protocols.Security;
using Hearsay.Security;

namespace Hearsay;

/// <summary>
/// How the packets of a cluster are protected, chosen once for all of its nodes: a node accepts one mode only. To
/// change the mode, stop all nodes.
/// </summary>
/// <remarks>
/// Immutable; one value may serve several nodes. <see cref="ToString"/> says which keys there are, by names that tell
/// nothing of them; neither it nor a log, metric or exception contains a key.
/// </remarks>
public sealed class ClusterSecurity
{
    private readonly Keyring? _ring;

    /// <summary>The file of the ring, to which a ring is written that replaces it; null if there is none.</summary>
    private readonly string? _path;

    /// <summary>Whether the newest key is so new that other nodes do not have it yet.</summary>
    private readonly bool _rotates;

    private ClusterSecurity(Keyring? ring, string? path = null, bool rotates = false) =>
        (_ring, _path, _rotates) = (ring, path, rotates);

    /// <summary>
    /// No protection: whoever reaches a node's port can join, read, and speak for others. For networks whose hosts you
    /// trust.
    /// </summary>
    public static ClusterSecurity Open { get; } = new(null);

    /// <summary>
    /// The name of the mode: <c>open</c> or <c>key</c>. In mode <c>key</c> every packet is encrypted and authenticated
    /// with a key that all nodes share.
    /// </summary>
    public string Mode => _ring is null ? "open" : "key";

    /// <summary>Reads a keyring, as <c>hearsay keys generate</c> writes it.</summary>
    /// <param name="path">The file. Nobody but its owner may be able to read it (mode 0600); not checked on Windows.
    /// </param>
    /// <returns>
    /// The mode <c>key</c> with these keys. If the keyring has an operator, who can replace its keys while nodes run
    /// (<c>hearsay keys rotate</c>), then a node writes the new keyring to the file.
    /// </returns>
    /// <exception cref="IOException">
    /// The file cannot be read, others can read it, or it is no keyring. The message names the file and nothing of its
    /// content.
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

    /// <summary>Reads a keyring that comes from elsewhere than a file, for instance from a vault.</summary>
    /// <param name="text">The text that a keyring file holds.</param>
    /// <returns>
    /// The mode <c>key</c> with these keys. If its operator replaces them while a node runs, they are not stored: after
    /// a restart the node begins with this text, and other nodes send it the newer keys while they keep these.
    /// </returns>
    /// <exception cref="FormatException">It is no keyring. The message contains nothing of the text.</exception>
    public static ClusterSecurity FromKeyringText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Keyring.TryParse(text, out var ring, out var error)
            ? new ClusterSecurity(ring)
            : throw new FormatException($"This is no keyring: {error}");
    }

    /// <summary>The mode, and in mode <c>key</c> the number of keys and the name of the one that seals.</summary>
    public override string ToString() => _ring is null ? Mode : $"{Mode} ({_ring})";

    /// <summary>Whether packets are protected.</summary>
    internal bool IsProtected => _ring is not null;

    /// <summary>The same for a node that brings the newest key to the others.</summary>
    internal ClusterSecurity Rotating() => new(_ring, _path, rotates: true);

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
