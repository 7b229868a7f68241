using Hearsay.Protocols.Security.Identity;
using Hearsay.Security.Identity;

namespace Hearsay.Tests.Security.Identity;

/// <summary>What a node shows the operator: that it has the secret keys of the public ones.</summary>
public sealed class AdmissionRequestTests
{
    private static readonly NodeKeys s_victim = IdentityFile.Make();
    private static readonly NodeKeys s_attacker = IdentityFile.Make();

    [Fact]
    public void The_request_of_a_node_is_proven_and_names_it()
    {
        var request = AdmissionRequest.Make(s_victim);
        Assert.True(AdmissionRequest.IsProven(request));
        Assert.True(AdmissionRequest.TryReadId(IdentityFile.PublicText(s_victim), out var id));
        Assert.Equal(s_victim.Id, id);
    }

    [Fact]
    public void Nobody_proves_the_id_of_another_node_with_a_signing_key_of_its_own()
    {
        byte[] both = [.. s_victim.Public, .. s_attacker.SigningPublic];
        var signature = new byte[IdentityCipher.SignatureBytes];
        AdmissionToken.Sign(
            new SodiumIdentity(), "hearsay request 1"u8, both, s_attacker.SigningSecret, signature);
        Assert.False(AdmissionRequest.IsProven([.. both, .. signature]));

        // Nor with what is signed by the victim for other keys, nor with its public keys and no signature of them.
        Assert.False(AdmissionRequest.IsProven([.. both, .. AdmissionRequest.Make(s_victim)[64..]]));
        Assert.False(AdmissionRequest.IsProven([.. AdmissionRequest.Make(s_victim)[..64], .. signature]));
        Assert.False(AdmissionRequest.IsProven([.. AdmissionRequest.Make(s_victim)[..64], .. new byte[64]]));

        // The control: the same signature over keys that belong together is a proof.
        byte[] own = [.. s_attacker.Public, .. s_attacker.SigningPublic];
        AdmissionToken.Sign(new SodiumIdentity(), "hearsay request 1"u8, own, s_attacker.SigningSecret, signature);
        Assert.True(AdmissionRequest.IsProven([.. own, .. signature]));
    }

    [Fact]
    public void Every_bit_and_every_length_counts()
    {
        var request = AdmissionRequest.Make(s_victim);
        for (var bit = 0; bit < 8 * request.Length; bit++)
        {
            var changed = request.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(AdmissionRequest.IsProven(changed), $"bit {bit}");
        }

        for (var length = 0; length < request.Length; length++)
        {
            Assert.False(AdmissionRequest.IsProven(request.AsSpan(0, length)));
        }

        Assert.False(AdmissionRequest.IsProven([.. request, 0]));
    }

    [Fact]
    public void Keys_of_an_earlier_version_prove_nothing_and_are_named_all_the_same()
    {
        var secret = new byte[IdentityCipher.KeyBytes];
        secret[1] = 7;
        var keys = new NodeKeys(new SodiumIdentity(), secret, s_attacker.SigningSecret);
        var request = AdmissionRequest.Make(keys);
        Assert.Equal(AdmissionRequest.KeysBytes, request.Length);
        Assert.False(AdmissionRequest.IsProven(request));
        Assert.True(AdmissionRequest.TryReadId(IdentityFile.PublicText(keys), out var id));
        Assert.Equal(keys.Id, id);
        Assert.False(AdmissionRequest.TryReadId("hearsay-node-AAAA", out _));
    }
}
