using System.Text;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Security.Identity;
using Hearsay.Tests;
using OpenPacket = Hearsay.Protocols.Wire.Envelope;

namespace Hearsay.Protocols.Tests.Wire;

/// <summary>The decoders of modes key and identity: what is behind their tags, handshakes, tokens, files.</summary>
internal static class SecurityDecoders
{
    private const int LongestExecution = 1 << 20;

    private static readonly LinkKind[] _kinds = [LinkKind.Datagram, LinkKind.Stream];

    /// <summary>What only a holder of the key can send: each input is several records, with tags that hold.</summary>
    public static DecoderTarget RecordsInside()
    {
        var cipher = new CredulousCipher();
        var security = new NodeSecurity(cipher, new RecordKey(cipher, new byte[32], 1, "default"));
        var label = OpenPacket.LabelOf("default");
        Conversation.End Make(int number) =>
            new(new RecordEnvelope(security, label), new NodeId((ulong)number, 1), number);
        var seeds = new List<byte[]>();
        foreach (var kind in _kinds)
        {
            cipher.Restart();
            var (receiver, sender) = (Make(1), Make(2));
            var (toFirst, toSecond) = Conversation.Record(receiver, sender, kind);
            seeds.AddRange([toFirst, toSecond]);
        }

        int Hear(ReadOnlySpan<byte> input)
        {
            cipher.Restart();
            return Conversation.Hear(Make(1), 2, input);
        }

        Ensure(seeds.Exists(seed => Hear(seed) > 0));
        return new DecoderTarget("records inside", seeds, input => Hear(input) >= 0 ? null : "never", LongestExecution);
    }

    /// <summary>Handshakes as they come from outside, to who has been asked and to who asks.</summary>
    /// <remarks>The first byte of an input says which of the two it is.</remarks>
    public static DecoderTarget Handshakes() => Handshakes(
        "handshake", SeededIdentities.Cipher, () => SeededCipher.Create(5), isCredulous: false);

    /// <summary>What only members can send in handshakes: signatures, tags and agreed keys hold.</summary>
    public static DecoderTarget HandshakesInside() => Handshakes(
        "handshakes inside", new CredulousIdentities(), () => new CredulousCipher(), isCredulous: true);

    private static DecoderTarget Handshakes(
        string name, IdentityCipher identities, Func<RecordCipher> ciphers, bool isCredulous)
    {
        var cluster = new SeededIdentities();
        NodeKeys[] keys = [.. Enumerable.Range(0, 3).Select(number => isCredulous
            ? new NodeKeys(identities, [.. Enumerable.Repeat((byte)number, 32)], new byte[64])
            : SeededIdentities.Keys(number))];
        byte[][] tokens = [.. keys.Select(key => cluster.Token(key))];
        Conversation.End Make(int number)
        {
            var admission = new Admission(identities, cluster.AdmissionKey, cluster.Label);
            var security = new IdentitySecurity(
                (ciphers(), identities), keys[number], tokens[number], admission, _ => SeededIdentities.Epoch);
            return new Conversation.End(new IdentityEnvelope(security, cluster.Label), keys[number].Id, number);
        }

        var seeds = new List<byte[]>();
        foreach (var kind in _kinds)
        {
            var (toFirst, toSecond) = Conversation.Record(Make(1), Make(2), kind);
            seeds.AddRange([[(byte)(kind == LinkKind.Datagram ? 0 : 1), .. toFirst], [2, .. toSecond]]);
        }

        var nobody = new Conversation.End(Make(2).Envelope, keys[2].Id, 2);
        int Hear(ReadOnlySpan<byte> input)
        {
            var asks = input[0] < 2;
            var end = Make(asks ? 1 : 2);
            if (asks)
            {
                _ = Conversation.Say(end, nobody, _kinds[input[0]]);
            }

            return Conversation.Hear(end, asks ? 2 : 1, input[1..]);
        }

        Ensure(seeds.TrueForAll(seed => Hear(seed) > 0));
        return new DecoderTarget(
            name, seeds, input => input.IsEmpty || Hear(input) >= 0 ? null : "never", LongestExecution);
    }

    /// <summary>Tokens, extended ones too: nobody is admitted whom the operator has not signed.</summary>
    public static DecoderTarget Tokens()
    {
        var (cluster, keys) = (new SeededIdentities(), SeededIdentities.Keys(1));
        var renewer = cluster.Token(SeededIdentities.Keys(2), isRenewer: true);
        var plain = cluster.Token(keys, SeededIdentities.Day);
        Ensure(AdmissionToken.TryRead(plain, out var token));
        var extended = AdmissionToken.Extend(
            SeededIdentities.Cipher, token, SeededIdentities.Epoch + (2 * SeededIdentities.Day),
            SeededIdentities.Keys(2), renewer);
        byte[][] seeds = [plain, renewer, extended];
        var admission = cluster.Admission();
        var taken = new Admission(new CredulousIdentities(), cluster.AdmissionKey, cluster.Label);
        return new DecoderTarget("token", seeds, input =>
        {
            _ = taken.Verify(input, known: null, SeededIdentities.Epoch)?.ToString();
            var isKnown = false;
            foreach (var seed in seeds)
            {
                // The signature of an extension is the renewer's, the rest the operator's.
                isKnown |= input.SequenceEqual(seed);
            }

            return admission.Verify(input, known: null, SeededIdentities.Epoch) is not null && !isKnown
                ? "a token was taken that nobody has signed" : null;
        });
    }

    /// <summary>Revocations: none is taken that the operator has not signed.</summary>
    public static DecoderTarget Revocations()
    {
        var cluster = new SeededIdentities();
        byte[][] seeds = [.. Enumerable.Range(1, 4)
            .Select(number => cluster.Revoke(SeededIdentities.Keys(number).Id).Bytes.ToArray())];
        return new DecoderTarget("revocation", seeds, input =>
        {
            var isTaken = cluster.Admission().TryRevoke(input, SeededIdentities.Epoch, out _);
            var isKnown = false;
            foreach (var seed in seeds)
            {
                isKnown |= input.SequenceEqual(seed);
            }

            _ = new Admission(new CredulousIdentities(), cluster.AdmissionKey, cluster.Label)
                .TryRevoke(input, SeededIdentities.Epoch, out _);
            return isTaken && !isKnown ? "a revocation was taken that nobody has signed" : null;
        });
    }

    /// <summary>Keys, tokens and revocations as text, and what a node gives to the operator.</summary>
    public static DecoderTarget KeyTexts()
    {
        var (cluster, keys) = (new SeededIdentities(), IdentityFile.Make());
        string[] words = [KeyText.Node, KeyText.Admission, KeyText.Token, KeyText.Revocation];
        string[] texts =
        [
            IdentityFile.PublicText(keys), KeyText.Write(KeyText.Admission, cluster.AdmissionKey),
            KeyText.Write(KeyText.Token, cluster.Token(keys)),
            KeyText.Write(KeyText.Revocation, cluster.Revoke(keys.Id).Bytes),
        ];
        return new DecoderTarget("key text", [.. texts.Select(Encoding.UTF8.GetBytes)], input =>
        {
            var text = Encoding.UTF8.GetString(input);
            _ = AdmissionRequest.TryReadId(text, out _);
            foreach (var word in words)
            {
                if (KeyText.TryRead(word, text, out var bytes))
                {
                    _ = AdmissionRequest.IsProven(bytes);
                    if (!KeyText.TryRead(word, KeyText.Write(word, bytes), out var again)
                        || !again.AsSpan().SequenceEqual(bytes))
                    {
                        return "what was read is not read again";
                    }
                }
            }

            return null;
        });
    }

    /// <summary>The file with the keys of a node.</summary>
    public static DecoderTarget IdentityFiles() => new(
        "identity file", [Encoding.UTF8.GetBytes(IdentityFile.ToText(IdentityFile.Make()))],
        input => IdentityFile.TryParse(Encoding.UTF8.GetString(input), out var keys) && keys is null
            ? "no keys were read" : null);

    /// <summary>Inputs as they are sent are taken: else nothing behind the first check would be reached.</summary>
    private static void Ensure(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("What was just made is not taken.");
        }
    }
}
