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

    private ClusterSecurity(Keyring? ring) => _ring = ring;

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
    /// <returns>The mode <c>key</c> with these keys.</returns>
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
            ? new ClusterSecurity(ring)
            : throw new IOException($"'{path}' is no keyring: {error}");
    }

    /// <summary>Reads a keyring that comes from elsewhere than a file, for instance from a vault.</summary>
    /// <param name="text">The text that a keyring file holds.</param>
    /// <returns>The mode <c>key</c> with these keys.</returns>
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

    /// <summary>What a node of a cluster needs; null in mode open.</summary>
    internal NodeSecurity? ForNode(string cluster) => _ring?.ToSecurity(new SodiumCipher(), cluster);
}
