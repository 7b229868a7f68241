using Hearsay.Protocols.Security;
using Hearsay.Security;
using Hearsay.Simulation.Network;

namespace Hearsay.Tests;

/// <summary>The cryptography that nodes use, with random bytes that can be repeated.</summary>
internal static class SeededCipher
{
    /// <summary>The cryptography.</summary>
    public static GlassCipher Create(ulong seed) => new(new SodiumCipher(), seed);

    /// <summary>The security of a cluster with one key, which is the same for the same number.</summary>
    public static NodeSecurity Security(ulong seed, string cluster = "default", byte key = 1) =>
        Security(Create(seed), cluster, key);

    /// <summary>The same with several keys, the first of which seals.</summary>
    public static NodeSecurity Security(RecordCipher cipher, string cluster, params byte[] keys) => new(
        cipher, [.. keys.Select(key => new RecordKey(cipher, [.. Enumerable.Repeat(key, 32)], key, cluster))]);
}
