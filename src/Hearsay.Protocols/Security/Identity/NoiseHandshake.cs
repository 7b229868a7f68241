using System.Security.Cryptography;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>
/// One handshake of <c>Noise_IK_25519_ChaChaPoly_SHA256</c> (revision 34): the initiator knows the responder's static
/// key, and both know afterwards who the other is.
/// <code>
///   &lt;- s
///   ...
///   -&gt; e, es, s, ss
///   &lt;- e, ee, se
/// </code>
/// </summary>
/// <remarks>
/// A pure state machine: it is given its ephemeral secret and what came, and writes what is to be sent. After a method
/// has returned false the handshake is over. Allocates its state, and nothing else.
/// </remarks>
internal sealed class NoiseHandshake
{
    /// <summary>How much longer message 1 is than its payload, in bytes.</summary>
    public const int FirstOverheadBytes = (2 * IdentityCipher.KeyBytes) + (2 * IdentityCipher.TagBytes);

    /// <summary>How much longer message 2 is than its payload, in bytes.</summary>
    public const int SecondOverheadBytes = IdentityCipher.KeyBytes + IdentityCipher.TagBytes;

    private const int KeyBytes = IdentityCipher.KeyBytes;
    private const int SealedKeyBytes = KeyBytes + IdentityCipher.TagBytes;

    private readonly IdentityCipher _cipher;
    private readonly NoiseSymmetric _state;
    private readonly NodeKeys _own;
    private readonly bool _isInitiator;
    private readonly byte[] _secret = new byte[KeyBytes];
    private readonly byte[] _public = new byte[KeyBytes];
    private readonly byte[] _remote = new byte[KeyBytes];
    private readonly byte[] _remoteEphemeral = new byte[KeyBytes];

    private NoiseHandshake(
        IdentityCipher cipher, NodeKeys own, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> ephemeral,
        bool isInitiator)
    {
        (_cipher, _own, _isInitiator) = (cipher, own, isInitiator);
        _state = new NoiseSymmetric(cipher, "Noise_IK_25519_ChaChaPoly_SHA256"u8);
        _state.MixHash(prologue);
        ephemeral.CopyTo(_secret);
        cipher.PublicOf(_secret, _public);
    }

    /// <summary>The static key of the other side, once it is known.</summary>
    public ReadOnlySpan<byte> Remote => _remote;

    /// <summary>
    /// What the two static keys have in common: the same in every handshake of two nodes, so one that knows it need not
    /// compute it. Null until it is needed.
    /// </summary>
    public byte[]? Shared { get; set; }

    /// <summary>The hash of the whole handshake.</summary>
    public ReadOnlySpan<byte> Hash => _state.Hash;

    /// <summary>Begins a handshake with a node whose static key is known.</summary>
    /// <param name="cipher">The cryptography.</param>
    /// <param name="own">The key pair of this node.</param>
    /// <param name="remote">The static key of the other.</param>
    /// <param name="prologue">What both sides must agree about.</param>
    /// <param name="ephemeral">32 random bytes that are used for nothing else.</param>
    public static NoiseHandshake Initiate(
        IdentityCipher cipher,
        NodeKeys own,
        ReadOnlySpan<byte> remote,
        ReadOnlySpan<byte> prologue,
        ReadOnlySpan<byte> ephemeral)
    {
        var handshake = new NoiseHandshake(cipher, own, prologue, ephemeral, isInitiator: true);
        remote.CopyTo(handshake._remote);
        handshake._state.MixHash(remote);
        return handshake;
    }

    /// <summary>Begins a handshake as the one who is spoken to.</summary>
    public static NoiseHandshake Respond(
        IdentityCipher cipher, NodeKeys own, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> ephemeral)
    {
        var handshake = new NoiseHandshake(cipher, own, prologue, ephemeral, isInitiator: false);
        handshake._state.MixHash(own.Public);
        return handshake;
    }

    /// <summary>Initiator: writes message 1.</summary>
    /// <param name="payload">What goes with it.</param>
    /// <param name="message">Receives it: longer than the payload by <see cref="FirstOverheadBytes"/>.</param>
    public bool TryWriteFirst(ReadOnlySpan<byte> payload, Span<byte> message)
    {
        WriteEphemeral(message);
        if (!TryMix(_secret, _remote))
        {
            return false;
        }

        var key = message.Slice(KeyBytes, SealedKeyBytes);
        _own.Public.CopyTo(key);
        _state.EncryptAndHash(key);
        return TryMixStatic() && WritePayload(payload, message[(KeyBytes + SealedKeyBytes)..]);
    }

    /// <summary>Initiator: whether a message 1 is the one that it has written.</summary>
    public bool HasSent(ReadOnlySpan<byte> message) => _isInitiator && message.StartsWith(_public);

    /// <summary>Responder: reads who sent message 1; after that <see cref="Remote"/> is known.</summary>
    public bool TryReadStatic(ReadOnlySpan<byte> message) =>
        message.Length >= FirstOverheadBytes && ReadEphemeral(message) && TryMix(_own.Secret, _remoteEphemeral)
        && _state.TryDecryptAndHash(message.Slice(KeyBytes, SealedKeyBytes), _remote);

    /// <summary>Responder: reads the payload of message 1; after <see cref="TryReadStatic"/>.</summary>
    /// <param name="message">The same message.</param>
    /// <param name="payload">Receives the payload, as long as it is.</param>
    public bool TryReadFirst(ReadOnlySpan<byte> message, Span<byte> payload) =>
        TryMixStatic()
        && _state.TryDecryptAndHash(message[(KeyBytes + SealedKeyBytes)..], payload);

    /// <summary>Responder: writes message 2.</summary>
    /// <param name="payload">What goes with it.</param>
    /// <param name="message">Receives it: longer than the payload by <see cref="SecondOverheadBytes"/>.</param>
    public bool TryWriteSecond(ReadOnlySpan<byte> payload, Span<byte> message)
    {
        WriteEphemeral(message);
        return TryMix(_secret, _remoteEphemeral) && TryMix(_secret, _remote)
            && WritePayload(payload, message[KeyBytes..]);
    }

    /// <summary>Initiator: reads message 2.</summary>
    public bool TryReadSecond(ReadOnlySpan<byte> message, Span<byte> payload) =>
        message.Length >= SecondOverheadBytes && ReadEphemeral(message) && TryMix(_secret, _remoteEphemeral)
        && TryMix(_own.Secret, _remoteEphemeral) && _state.TryDecryptAndHash(message[KeyBytes..], payload);

    /// <summary>The keys of the session, after both messages. The handshake forgets its secrets.</summary>
    /// <param name="sends">Receives the key for what this side sends.</param>
    /// <param name="receives">Receives the key for what the other side sends.</param>
    public void Split(Span<byte> sends, Span<byte> receives)
    {
        if (_isInitiator)
        {
            _state.Split(sends, receives);
        }
        else
        {
            _state.Split(receives, sends);
        }

        CryptographicOperations.ZeroMemory(_secret);
    }

    private void WriteEphemeral(Span<byte> message)
    {
        _public.CopyTo(message);
        _state.MixHash(_public);
    }

    private bool ReadEphemeral(ReadOnlySpan<byte> message)
    {
        message[..KeyBytes].CopyTo(_remoteEphemeral);
        _state.MixHash(_remoteEphemeral);
        return true;
    }

    private bool WritePayload(ReadOnlySpan<byte> payload, Span<byte> sealedPayload)
    {
        payload.CopyTo(sealedPayload);
        _state.EncryptAndHash(sealedPayload[..(payload.Length + IdentityCipher.TagBytes)]);
        return true;
    }

    private bool TryMixStatic()
    {
        if (Shared is null)
        {
            var shared = new byte[KeyBytes];
            if (!_cipher.TryAgree(_own.Secret, _remote, shared))
            {
                return false;
            }

            Shared = shared;
        }

        _state.MixKey(Shared);
        return true;
    }

    private bool TryMix(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> shared = stackalloc byte[KeyBytes];
        if (!_cipher.TryAgree(secret, publicKey, shared))
        {
            return false;
        }

        _state.MixKey(shared);
        CryptographicOperations.ZeroMemory(shared);
        return true;
    }
}
