using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Security;
using Hearsay.Simulation.Fuzz;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Fuzz;

/// <summary>The identities of <see cref="SeededIdentities"/>, for campaigns.</summary>
/// <param name="cipher">The cryptography of sessions; the real one if null.</param>
internal sealed class SeededFuzzIdentities(IdentityCipher? cipher = null) : FuzzIdentities
{
    private readonly SeededIdentities _cluster = new();

    public override RecordCipher Records { get; } = new SodiumCipher();

    public override IdentityCipher Cipher { get; } = cipher ?? SeededIdentities.Cipher;

    public override IdentitySecurity Make(int number, RecordCipher records, IdentityCipher cipher)
    {
        var keys = SeededIdentities.Keys(number);
        return new IdentitySecurity(
            (records, cipher), keys, _cluster.Token(keys), _cluster.Admission(),
            static now => SeededIdentities.Epoch + (now.Ticks / TimeSpan.TicksPerSecond));
    }
}
