using System.Runtime.InteropServices;

namespace Hearsay.Security;

/// <summary>
/// The functions of libsodium that are used, as they are. They take spans, allocate nothing and report a bad tag as a
/// number, which no managed wrapper does: one throws, and another keeps a memory map for each key.
/// </summary>
internal static partial class Sodium
{
    private const string Library = "libsodium";

    /// <summary>The length of a public key of Ed25519, in bytes.</summary>
    public const int PublicKeyBytes = 32;

    /// <summary>The length of a secret key of Ed25519, in bytes.</summary>
    public const int SecretKeyBytes = 64;

    /// <summary>The length of a signature of Ed25519, in bytes.</summary>
    public const int SignatureBytes = 64;

    /// <summary>Once for the process, before anything else.</summary>
    static Sodium()
    {
        if (Init() < 0)
        {
            throw new InvalidOperationException("libsodium could not be initialised.");
        }

        HasAes = IsAesAvailable() == 1;
    }

    /// <summary>
    /// Whether this processor has instructions for AES. Without them the library refuses, since code would tell a key
    /// by the time that it takes.
    /// </summary>
    public static bool HasAes { get; }

    /// <summary>Makes sure that the library is ready, for who calls other functions of it.</summary>
    public static void Start()
    {
        // The static constructor has done it.
    }

    /// <summary>Fills bytes from the operating system's generator.</summary>
    public static void Fill(Span<byte> bytes) => RandomBytes(bytes, (nuint)bytes.Length);

    /// <summary>A key pair of Ed25519.</summary>
    public static void MakeSigningKey(Span<byte> publicKey, Span<byte> secretKey) =>
        _ = SignKeyPair(publicKey, secretKey);

    /// <summary>The key pair of Ed25519 that belongs to a seed of 32 bytes.</summary>
    public static void MakeSigningKey(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey) =>
        _ = SignSeedKeyPair(publicKey, secretKey, seed);

    /// <summary>Signs a message.</summary>
    public static void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secretKey, Span<byte> signature) =>
        _ = SignDetached(signature, 0, message, (ulong)message.Length, secretKey);

    /// <summary>Whether a signature holds.</summary>
    public static bool Verify(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureBytes && publicKey.Length == PublicKeyBytes
        && VerifyDetached(signature, message, (ulong)message.Length, publicKey) == 0;

    [LibraryImport(Library, EntryPoint = "crypto_core_hchacha20")]
    internal static partial int Derive(
        Span<byte> derived, ReadOnlySpan<byte> input, ReadOnlySpan<byte> key, nint unused);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_encrypt_detached")]
    internal static partial int Encrypt(
        Span<byte> closed,
        Span<byte> tag,
        nint tagLength,
        ReadOnlySpan<byte> text,
        ulong textLength,
        ReadOnlySpan<byte> data,
        ulong dataLength,
        nint unused,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_decrypt_detached")]
    internal static partial int Decrypt(
        Span<byte> text,
        nint unused,
        ReadOnlySpan<byte> closed,
        ulong closedLength,
        ReadOnlySpan<byte> tag,
        ReadOnlySpan<byte> data,
        ulong dataLength,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> key);

    [LibraryImport(Library, EntryPoint = "crypto_generichash")]
    internal static partial int Hash(
        Span<byte> hash,
        nuint hashLength,
        ReadOnlySpan<byte> data,
        ulong dataLength,
        ReadOnlySpan<byte> key,
        nuint keyLength);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_is_available")]
    private static partial int IsAesAvailable();

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "randombytes_buf")]
    private static partial void RandomBytes(Span<byte> bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "crypto_sign_keypair")]
    private static partial int SignKeyPair(Span<byte> publicKey, Span<byte> secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_seed_keypair")]
    private static partial int SignSeedKeyPair(Span<byte> publicKey, Span<byte> secretKey, ReadOnlySpan<byte> seed);

    [LibraryImport(Library, EntryPoint = "crypto_sign_detached")]
    private static partial int SignDetached(
        Span<byte> signature, nint length, ReadOnlySpan<byte> message, ulong messageLength, ReadOnlySpan<byte> key);

    [LibraryImport(Library, EntryPoint = "crypto_sign_verify_detached")]
    private static partial int VerifyDetached(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ulong messageLength, ReadOnlySpan<byte> key);
}
