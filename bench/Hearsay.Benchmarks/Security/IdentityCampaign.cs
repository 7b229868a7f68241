using Hearsay.Protocols;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Wire;
using Hearsay.Security;
using Hearsay.Security.Identity;

namespace Hearsay.Benchmarks.Security;

/// <summary>What handshakes cost, beside the operations of X25519 that they need.</summary>
internal static class IdentityCampaign
{
    private static readonly SodiumIdentity Cipher = new();

    /// <summary>Measures them.</summary>
    public static void Handshakes()
    {
        var (one, other) = (IdentityFile.Make(), IdentityFile.Make());
        var (shared, publicKey, signature) = (new byte[32], new byte[32], new byte[64]);
        var pair = SecurityCampaign.Best(20, () => Cipher.PublicOf(one.Secret, publicKey));
        var agree = SecurityCampaign.Best(20, () => Cipher.TryAgree(one.Secret, other.Public, shared));
        Cipher.Sign(shared, one.SigningSecret, signature);
        SecurityCampaign.Show("X25519: key pair", pair);
        SecurityCampaign.Show("X25519: agreement", agree);
        SecurityCampaign.Show(
            "Ed25519: verify", SecurityCampaign.Best(20, () => Cipher.Verify(shared, one.SigningPublic, signature)));
        var whole = SecurityCampaign.Best(5, () => Handshake(one, other));
        var needed = (2 * pair) + (8 * agree);
        Console.WriteLine(
            $"a handshake, both ends: {whole:0.0} us; its X25519 alone {needed:0.0} us; {whole / needed:0.00}x");
    }

    /// <summary>The identities of one cluster, by number.</summary>
    public static Func<int, IdentitySecurity> Identities()
    {
        var admission = AdmissionKey.Make();
        return i =>
        {
            var keys = IdentityFile.Make();
            var token = admission.Admit(
                [.. keys.Public, .. keys.SigningPublic], $"node-{i}", "default", DateTimeOffset.UnixEpoch.AddDays(1000),
                TimeSpan.FromDays(90), isRenewer: false);
            return new IdentitySecurity(
                (new SodiumCipher(), Cipher), keys, token,
                new Admission(Cipher, admission.Public, Envelope.LabelOf("default")),
                _ => DateTimeOffset.UnixEpoch.AddDays(1001).ToUnixTimeSeconds());
        };
    }

    private static void Handshake(NodeKeys one, NodeKeys other)
    {
        Span<byte> ephemeral = stackalloc byte[32];
        Span<byte> payload = stackalloc byte[300];
        Span<byte> first = stackalloc byte[300 + NoiseHandshake.FirstOverheadBytes];
        Span<byte> second = stackalloc byte[300 + NoiseHandshake.SecondOverheadBytes];
        Span<byte> key = stackalloc byte[32];
        Sodium.Fill(ephemeral);
        var initiator = NoiseHandshake.Initiate(Cipher, one, other.Public, payload[..42], ephemeral);
        Sodium.Fill(ephemeral);
        var responder = NoiseHandshake.Respond(Cipher, other, payload[..42], ephemeral);
        var isFine = initiator.TryWriteFirst(payload, first) && responder.TryReadStatic(first)
            && responder.TryReadFirst(first, payload) && responder.TryWriteSecond(payload, second)
            && initiator.TryReadSecond(second, payload);
        initiator.Split(key, key);
        responder.Split(key, key);
        if (!isFine)
        {
            throw new InvalidOperationException("A handshake failed.");
        }
    }
}
