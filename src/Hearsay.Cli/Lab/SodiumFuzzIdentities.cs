using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;
using Hearsay.Security;
using Hearsay.Security.Identity;
using Hearsay.Simulation.Fuzz;

namespace Hearsay.Cli.Lab;

/// <summary>Identities of simulated nodes, made of numbers, with the cryptography that real nodes use.</summary>
internal sealed class SodiumFuzzIdentities : FuzzIdentities
{
    /// <summary>The wall clock when virtual time begins, in seconds since 1970.</summary>
    private const long Epoch = 1_800_000_000;

    /// <summary>The number of the key that admits all others.</summary>
    private const int AdmissionNumber = 0;

    private static readonly TimeSpan s_valid = TimeSpan.FromDays(30);
    private static readonly SodiumIdentity s_cipher = new();

    /// <inheritdoc/>
    public override RecordCipher Records { get; } = new SodiumCipher();

    /// <inheritdoc/>
    public override IdentitySecurity Make(int number, RecordCipher records)
    {
        var admission = SecretOf(AdmissionNumber);
        var (signing, secret) = (SecretOf(number), new byte[IdentityCipher.KeyBytes]);
        SodiumIdentity.SecretOf(signing, secret);
        var keys = new NodeKeys(s_cipher, secret, signing);
        var label = Envelope.LabelOf("default");
        var token = AdmissionToken.Make(
            s_cipher, admission, label, [.. keys.Public, .. keys.SigningPublic], "node"u8,
            (Epoch, Epoch + (long)s_valid.TotalSeconds), isRenewer: false);
        return new IdentitySecurity(
            (records, s_cipher), keys, token, new Admission(s_cipher, admission.AsSpan(IdentityCipher.KeyBytes), label),
            static now => Epoch + (now.Ticks / TimeSpan.TicksPerSecond));
    }

    private static byte[] SecretOf(int number)
    {
        var (seed, publicKey, secret) = (new byte[32], new byte[32], new byte[IdentityCipher.SigningSecretBytes]);
        BitConverter.TryWriteBytes(seed, number);
        Sodium.MakeSigningKey(seed, publicKey, secret);
        return secret;
    }
}
