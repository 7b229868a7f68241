using System.Runtime.InteropServices;
using Hearsay.Protocols;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;
using Hearsay.Security.Identity;

namespace Hearsay.Tests;

/// <summary>A cluster of identities that are the same for the same numbers, for tests.</summary>
internal sealed class SeededIdentities
{
    /// <summary>The wall clock at the beginning of virtual time, in seconds since 1970.</summary>
    public const long Epoch = 1_800_000_000;

    public const int Day = 86_400;

    private readonly string _cluster;
    private readonly byte[] _admissionSecret;

    public SeededIdentities(byte admission = 1, string cluster = "default") =>
        (_cluster, _admissionSecret) = (cluster, SigningSecret(admission));

    public static SodiumIdentity Cipher { get; } = new();

    public ReadOnlySpan<byte> AdmissionSecret => _admissionSecret;

    public ReadOnlySpan<byte> AdmissionKey => _admissionSecret.AsSpan(32);

    public ulong Label => Envelope.LabelOf(_cluster);

    /// <summary>The keys of a node.</summary>
    public static NodeKeys Keys(int number)
    {
        Span<byte> secret = stackalloc byte[32];
        BitConverter.TryWriteBytes(secret[1..], number);
        secret[31] = 7;
        return new NodeKeys(Cipher, secret, SigningSecret(number + 1000));
    }

    /// <summary>The token of a node.</summary>
    public byte[] Token(NodeKeys keys, long validSeconds = 30 * Day, bool isRenewer = false, long issued = Epoch) =>
        AdmissionToken.Make(
            Cipher, _admissionSecret, Label, [.. keys.Public, .. keys.SigningPublic], "node"u8,
            (issued, issued + validSeconds), isRenewer);

    /// <summary>A revocation of a node.</summary>
    public Revocation Revoke(NodeId id, long time = Epoch) =>
        Revocation.Make(Cipher, _admissionSecret, Label, id, time);

    /// <summary>
    /// The security of a node; its random bytes follow from the number, too. Copies of the node draw others.
    /// </summary>
    public IdentitySecurity Security(
        int number, byte[]? token = null, Func<Instant, long>? wall = null, int copy = 0)
    {
        var keys = Keys(number);
        return new IdentitySecurity(
            (SeededCipher.Create((ulong)(number + (100_000 * copy))), Cipher), keys, token ?? Token(keys), Admission(),
            wall ?? (now => Epoch + (now.Ticks / TimeSpan.TicksPerSecond)));
    }

    public Admission Admission() => new(Cipher, AdmissionKey, Label);

    private static byte[] SigningSecret(int number)
    {
        var (seed, publicKey, secret) = (new byte[32], new byte[32], new byte[64]);
        BitConverter.TryWriteBytes(seed, number);
        return FromSeed(publicKey, secret, seed) == 0
            ? secret : throw new InvalidOperationException("libsodium makes no key of a seed.");
    }

    [DllImport("libsodium", EntryPoint = "crypto_sign_seed_keypair")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FromSeed(byte[] publicKey, byte[] secret, byte[] seed);
}
