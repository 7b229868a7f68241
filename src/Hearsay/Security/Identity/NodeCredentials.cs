using Hearsay.Protocols;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;

namespace Hearsay.Security.Identity;

/// <summary>What a node brings to mode identity: its keys, its token, and the public admission key.</summary>
internal sealed class NodeCredentials
{
    private static readonly SodiumIdentity s_cipher = new();

    /// <summary>Replaced when a renewer has extended it; any thread may read it.</summary>
    private volatile byte[] _token;

    private readonly byte[] _admission;
    private readonly List<Revocation> _revocations = [];

    private NodeCredentials(NodeKeys keys, byte[] token, byte[] admission) =>
        (Keys, _token, _admission) = (keys, token, admission);

    /// <summary>The node's keys.</summary>
    public NodeKeys Keys { get; }

    /// <summary>The file with its token, which an extended one replaces; null if it came from elsewhere.</summary>
    public string? TokenPath { get; init; }

    /// <summary>The name in its token.</summary>
    public string Name => AdmissionToken.TryRead(_token, out var token) ? token.NameText() : string.Empty;

    /// <summary>The end of its token.</summary>
    public DateTimeOffset End => DateTimeOffset.FromUnixTimeSeconds(
        AdmissionToken.TryRead(_token, out var token) ? token.End : 0);

    /// <summary>Revocations that the node knows from the start.</summary>
    public ICollection<Revocation> Revocations => _revocations;

    /// <summary>Reads the three.</summary>
    /// <param name="identityPath">The file with the node's keys.</param>
    /// <param name="token">The token, or the file with it.</param>
    /// <param name="admission">The public admission key, or the file with it.</param>
    /// <exception cref="IOException">One of them cannot be read, or is none; the message says which.</exception>
    public static NodeCredentials Read(string identityPath, string token, string admission)
    {
        var keys = IdentityFile.Read(identityPath);
        if (!KeyText.TryRead(KeyText.Token, KeyText.Resolve(token, KeyText.Token), out var tokenBytes)
            || !AdmissionToken.TryRead(tokenBytes, out var read))
        {
            throw new IOException($"'{NameOf(token, KeyText.Token)}' is no token of 'hearsay keys admit'.");
        }

        var text = KeyText.Resolve(admission, KeyText.Admission);
        if (!KeyText.TryRead(KeyText.Admission, text, Sodium.PublicKeyBytes, out var key))
        {
            throw new IOException(
                $"'{NameOf(admission, KeyText.Admission)}' is no public admission key of 'hearsay keys admission'.");
        }

        return NodeKeys.IdOf(read.Key) == keys.Id && read.SigningKey.SequenceEqual(keys.SigningPublic)
            ? new NodeCredentials(keys, tokenBytes, key)
            {
                TokenPath = token.StartsWith(KeyText.Token, StringComparison.Ordinal) ? null : token,
            }
            : throw new IOException(
                $"The token admits node {NodeKeys.IdOf(read.Key)}, and '{identityPath}' is node {keys.Id}.");
    }

    /// <summary>The credentials of a node that an operator admits with the admission key at hand.</summary>
    public static NodeCredentials Make(AdmissionKey admission, string name, string cluster, DateTimeOffset now)
    {
        var keys = IdentityFile.Make();
        var token = admission.Admit(
            [.. keys.Public, .. keys.SigningPublic], name, cluster, now, TimeSpan.FromHours(1), isRenewer: false);
        return new NodeCredentials(keys, token, admission.Public.ToArray());
    }

    /// <summary>Why a node of a cluster cannot be started with them; null if it can.</summary>
    public string? ErrorFor(string cluster, DateTimeOffset now)
    {
        var label = Envelope.LabelOf(cluster);
        if (AdmissionToken.TryRead(_token, out var token) && token.Label != label)
        {
            return $"the token admits the node to another cluster than '{cluster}'.";
        }

        var admission = new Admission(s_cipher, _admission, label);
        return admission.Verify(_token, known: null, now.ToUnixTimeSeconds()) is not null ? null
            : End + Admission.Tolerance < now
                ? $"the token of '{Name}' ended on {End.UtcDateTime:u}."
                : "the token is not signed by the admission key.";
    }

    /// <summary>What a node of a cluster needs.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="revocations">Where the node remembers revocations; null for nowhere.</param>
    public IdentitySecurity ToSecurity(string cluster, TimeProvider time, RevocationFile? revocations)
    {
        var admission = new Admission(s_cipher, _admission, Envelope.LabelOf(cluster));
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var bytes in revocations?.Read() ?? [])
        {
            admission.TryRevoke(bytes, seconds, out _);
        }

        foreach (var revocation in _revocations)
        {
            admission.TryRevoke(revocation.Bytes, seconds, out _);
        }

        IdentitySecurity? made = null;
        var saver = TokenPath is { } path ? new TokenSaver(path) : null;
        made = new IdentitySecurity(
            (new SodiumCipher(), s_cipher), Keys, _token, admission, _ => time.GetUtcNow().ToUnixTimeSeconds())
        {
            Revoked = () => revocations?.Save(admission.Revocations),
            Renewed = () =>
            {
                _token = made!.Token.ToArray();
                saver?.Save(_token);
            },
        };
        return made;
    }

    /// <summary>The name of the node, and when its token ends.</summary>
    public override string ToString() => $"'{Name}' until {End.UtcDateTime:u}";

    private static string NameOf(string argument, string word) =>
        argument.StartsWith(word, StringComparison.Ordinal) ? "the text given" : argument;
}
